/* SPDX-License-Identifier: MIT */
#include "store/right.h"

#define READS   "SELECT"
#define ADDS    READS ", INSERT"
#define UPDATES ADDS ", UPDATE"
#define CHANGES UPDATES ", DELETE"

/* The jobs remove what is old (store/retention.h). */
#define ADDS_AND_REMOVES ADDS ", DELETE"

const struct table_right table_rights[] = {
    {"audit",                ADDS,             ADDS_AND_REMOVES},
    {"certifications",       CHANGES,          "SELECT, UPDATE"},
    {"coordinators",         READS,            READS           },
    {"counts",               CHANGES,          CHANGES         },
    {"decisions",            UPDATES,          CHANGES         },
    {"delivery_counters",    UPDATES,          UPDATES         },
    {"ended_push_targets",   UPDATES,          UPDATES         },
    {"expiry_logs",          UPDATES,          CHANGES         },
    {"expiry_notifications", CHANGES,          CHANGES         },
    {"idempotency_keys",     CHANGES,          "SELECT, DELETE"},
    {"job_runs",             UPDATES,          CHANGES         },
    {"leases",               UPDATES,          UPDATES         },
    {"mentor_locks",         UPDATES,          UPDATES         },
    {"mentors",              READS,            READS           },
    {"message_attempts",     ADDS,             ADDS_AND_REMOVES},
    {"messages",             UPDATES,          CHANGES         },
    {"organisations",        READS,            READS           },
    {"pause_events",         CHANGES,          CHANGES         },
    {"pauses",               UPDATES,          CHANGES         },
    {"relays",               UPDATES,          UPDATES         },
    {"reminders",            UPDATES,          CHANGES         },
    {"schema_migrations",    READS,            READS           },
    {"sweeps",               UPDATES,          CHANGES         },
    {"unit_marks",           ADDS_AND_REMOVES, ADDS_AND_REMOVES},
};
const size_t table_right_count = sizeof(table_rights) / sizeof(table_rights[0]);
