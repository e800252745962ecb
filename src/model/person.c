/* SPDX-License-Identifier: MIT */
#include "model/person.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char *const language_words[] = {"en", "nb", NULL};

#define ID(owner, member, ...) FIELD(owner, member, .min = 1, .max = 64, ##__VA_ARGS__)
#define REACHED(owner)                                                                             \
    FIELD(owner, name, .is = FIELD_REQUIRED, .min = 1), FIELD(owner, email, .max = 254),           \
        FIELD(owner, push_target, .max = 1024),                                                    \
        FIELD(owner, channels, .max = 64, .fallback = "email"),                                    \
        FIELD(owner, language, .words = language_words)

static const struct field organisation_fields[] = {
    ID(struct organisation, organisation_id, .is = FIELD_REQUIRED),
    FIELD(struct organisation, name, .is = FIELD_REQUIRED, .min = 1),
};
const struct record organisation_record = RECORD(struct organisation, organisation_fields);

static const struct field coordinator_fields[] = {
    ID(struct coordinator, coordinator_id, .is = FIELD_REQUIRED),
    ID(struct coordinator, organisation_id, .is = FIELD_REQUIRED),
    REACHED(struct coordinator),
};
const struct record coordinator_record = RECORD(struct coordinator, coordinator_fields);

static const struct field mentor_fields[] = {
    ID(struct mentor, mentor_id, .is = FIELD_REQUIRED),
    ID(struct mentor, organisation_id, .is = FIELD_REQUIRED),
    ID(struct mentor, coordinator_id),
    REACHED(struct mentor),
};
const struct record mentor_record = RECORD(struct mentor, mentor_fields);

static const struct field mentor_row_fields[] = {
    FIELD(struct mentor, mentor_id),
    FIELD(struct mentor, organisation_id),
    FIELD(struct mentor, coordinator_id),
    FIELD(struct mentor, name),
    FIELD(struct mentor, email),
    FIELD(struct mentor, language),
    FIELD(struct mentor, coordinator_name),
    FIELD(struct mentor, coordinator_email),
    FIELD(struct mentor, coordinator_language),
};
const struct record mentor_row = RECORD(struct mentor, mentor_row_fields);

struct person mentor_person(const struct mentor *mentor)
{
    return (struct person){mentor->mentor_id, mentor->name, mentor->email, mentor->language};
}

struct person mentor_coordinator(const struct mentor *mentor)
{
    return (struct person){mentor->coordinator_id, mentor->coordinator_name,
                           mentor->coordinator_email, mentor->coordinator_language};
}

const char *channels_check(const char *channels)
{
    static const char *const known[] = {"email", "push", "in_app"};
    bool seen[sizeof(known) / sizeof(known[0])] = {false};

    for (const char *at = channels;; at++) {
        const size_t length = strcspn(at, ",");
        size_t i = 0;
        while (i < sizeof(known) / sizeof(known[0]) &&
               (strlen(known[i]) != length || strncmp(known[i], at, length) != 0)) {
            i++;
        }
        if (i == sizeof(known) / sizeof(known[0])) {
            return "must be email, push or in_app, several with a comma between";
        }
        if (seen[i]) {
            return "must not name a channel twice";
        }
        seen[i] = true;
        at += length;
        if (*at == '\0') {
            return NULL;
        }
    }
}
