/* SPDX-License-Identifier: MIT */
#include "model/person.h"

#include "base/config.h"
#include "model/push_target.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

const char *const channel_words[] = {"email", "push", "in_app", NULL};

#define ID(owner, member, ...) FIELD(owner, member, .min = 1, .max = 64, ##__VA_ARGS__)
#define REACHED(owner)                                                                             \
    FIELD(owner, name, .is = FIELD_REQUIRED, .min = 1), FIELD(owner, email, .max = 254),           \
        FIELD(owner, push_target, .max = 1024, .check = push_target_check),                        \
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
    FIELD(struct mentor, push_target),
    FIELD(struct mentor, channels),
    FIELD(struct mentor, language),
    FIELD(struct mentor, coordinator_name),
    FIELD(struct mentor, coordinator_email),
    FIELD(struct mentor, coordinator_push_target),
    FIELD(struct mentor, coordinator_channels),
    FIELD(struct mentor, coordinator_language),
};
const struct record mentor_row = RECORD(struct mentor, mentor_row_fields);

struct person mentor_person(const struct mentor *mentor)
{
    return (struct person){mentor->mentor_id,   mentor->name,     mentor->email,
                           mentor->push_target, mentor->channels, mentor->language};
}

struct person mentor_coordinator(const struct mentor *mentor)
{
    return (struct person){mentor->coordinator_id,       mentor->coordinator_name,
                           mentor->coordinator_email,    mentor->coordinator_push_target,
                           mentor->coordinator_channels, mentor->coordinator_language};
}

struct address person_address(const struct person *person, enum channel channel)
{
    struct address address = {.channel = channel};

    switch (channel) {
    case CHANNEL_EMAIL:
        address.text = person->email;
        break;
    case CHANNEL_PUSH:
        address.text = person->push_target;
        break;
    case CHANNEL_IN_APP:
    case CHANNELS:
        address.reachable = true;
        return address;
    }
    address.reachable = address.text != NULL;
    return address;
}

/* The channel whose name stands at the beginning of the text, CHANNELS if none does. */
static enum channel channel_at(const char *text, size_t length)
{
    enum channel channel = CHANNEL_EMAIL;

    while (channel < CHANNELS && (strlen(channel_words[channel]) != length ||
                                  strncmp(channel_words[channel], text, length) != 0)) {
        channel++;
    }
    return channel;
}

size_t person_addresses(struct address out[CHANNELS], const struct person *person)
{
    const char *at = person->channels != NULL ? person->channels : "";
    const enum channel first = channel_at(at, strcspn(at, ","));
    size_t count = 0;

    while (*at != '\0' && count < CHANNELS) {
        const size_t length = strcspn(at, ",");
        const enum channel channel = channel_at(at, length);
        if (channel < CHANNELS) {
            out[count] = person_address(person, channel);
            count += out[count].reachable;
        }
        at += length + (at[length] == ',');
    }
    if (count == 0) {
        out[0] = person_address(person, CHANNEL_EMAIL);
        if (!out[0].reachable && first < CHANNELS) {
            out[0] = person_address(person, first);
        }
        count = 1;
    }
    return count;
}

const char *channels_check(const char *channels)
{
    bool seen[CHANNELS] = {false};

    for (const char *at = channels;; at++) {
        const size_t length = strcspn(at, ",");
        const enum channel channel = channel_at(at, length);
        if (channel == CHANNELS) {
            return "must be email, push or in_app, several with a comma between";
        }
        if (seen[channel]) {
            return "must not name a channel twice";
        }
        seen[channel] = true;
        at += length;
        if (*at == '\0') {
            return NULL;
        }
    }
}
