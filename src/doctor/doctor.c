/* SPDX-License-Identifier: MIT */
#include "doctor/doctor.h"

#include "base/work.h"
#include "doctor/check.h"

#include <string.h>

struct row {
    const char *name;
    const char *after; /* the check without which this one can find nothing; NULL: none */
    doctor_check *look;
};

/* In the order in which they are told. */
static const struct row checks[] = {
    {"configuration", NULL,            check_configuration},
    {"files",         NULL,            check_files        },
    {"state",         "configuration", check_state        },
    {"templates",     "configuration", check_templates    },
    {"tokens",        "configuration", check_tokens       },
    {"database",      "configuration", check_database     },
    {"hosts",         "configuration", check_hosts        },
    {"schema",        "database",      check_schema       },
    {"rights",        "database",      check_rights       },
    {"clock",         "database",      check_clock        },
    {"web",           "configuration", check_web          },
    {"web clock",     "web",           check_web_clock    },
    {"path",          "web",           check_path         },
    {"doubled path",  "path",          check_doubled_path },
    {"authorization", "path",          check_authorization},
    {"hidden files",  "configuration", check_hidden       },
    {"mail",          "configuration", check_mail         },
    {"test mail",     "mail",          check_test_mail    },
    {"push",          "schema",        check_push         },
    {"sweep",         "schema",        check_sweep        },
    {"dispatch",      "schema",        check_dispatch     },
};

static const struct field finding_fields[] = {
    FIELD(struct finding, check),
    FIELD(struct finding, result),
    FIELD(struct finding, says),
};
const struct record finding_record = RECORD(struct finding, finding_fields);

/* Of all checks, or of that one. */
static bool none_is(const struct examination *examination, const char *check, const char *result)
{
    const struct finding *at = examination->findings.items;

    for (size_t i = 0; i < examination->findings.count; i++) {
        if ((check == NULL || strcmp(at[i].check, check) == 0) &&
            strcmp(at[i].result, result) == 0) {
            return false;
        }
    }
    return true;
}

static bool is_ok(const struct examination *examination, const char *check)
{
    return none_is(examination, check, "wrong") && none_is(examination, check, "skipped");
}

struct diagnosis doctor_run(struct work *work, const struct doctor_order *order)
{
    struct examination examination = {.work = work, .order = order};

    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        examination.check = checks[i].name;
        if (checks[i].after != NULL && !is_ok(&examination, checks[i].after)) {
            say_skipped(&examination, "looked at once \"%s\" is ok", checks[i].after);
        } else {
            checks[i].look(&examination);
        }
    }
    return (struct diagnosis){
        .findings = examination.findings,
        .well = none_is(&examination, NULL, "wrong"),
    };
}
