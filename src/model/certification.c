/* SPDX-License-Identifier: MIT */
#include "model/certification.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/work.h"

#include <string.h>

const char CERTIFICATION_VALID[] = "valid";
const char CERTIFICATION_EXPIRED[] = "expired";
const char CERTIFICATION_REVOKED[] = "revoked";

static const char *const status_words[] = {CERTIFICATION_VALID, CERTIFICATION_EXPIRED,
                                           CERTIFICATION_REVOKED, NULL};

static const struct field row_fields[] = {
    FIELD(struct certification, seq),        FIELD(struct certification, certification_id),
    FIELD(struct certification, mentor_id),  FIELD(struct certification, certification_type),
    FIELD(struct certification, issued_at),  FIELD(struct certification, expires_at),
    FIELD(struct certification, revoked_at), FIELD(struct certification, auto_pause_applied_at),
    FIELD(struct certification, created_at), FIELD(struct certification, updated_at),
};
const struct record certification_row = RECORD(struct certification, row_fields);

#define ITEM_FIELDS                                                                                \
    FIELD(struct certification, certification_id, .meaning = "Names the certification"),           \
        FIELD(struct certification, mentor_id, .meaning = "Who holds it"),                         \
        FIELD(struct certification, certification_type, .meaning = "What it certifies"),           \
        FIELD(struct certification, issued_at, .meaning = "From when it counts"),                  \
        FIELD(struct certification, expires_at, .meaning = "The moment at which it ends"),         \
        FIELD(struct certification, status, .words = status_words,                                 \
              .meaning = "Derived: revoked, else expired from expires_at on, else valid"),         \
        FIELD(struct certification, auto_pause_applied,                                            \
              .meaning = "Whether the expiry job has acted on it since it was last renewed")

static const struct field item_fields[] = {ITEM_FIELDS};
const struct record certification_item = RECORD(struct certification, item_fields);

static const struct field detail_fields[] = {
    ITEM_FIELDS,
    FIELD(struct certification, auto_pause_applied_at, .is = FIELD_OMITTED,
          .meaning = "When the expiry job acted"),
};
const struct record certification_detail = RECORD(struct certification, detail_fields);

static const struct field created_fields[] = {
    ITEM_FIELDS,
    FIELD(struct certification, created_at, .meaning = "When it was recorded"),
};
const struct record certification_created = RECORD(struct certification, created_fields);

static const struct field updated_fields[] = {
    FIELD(struct certification, certification_id),
    FIELD(struct certification, expires_at),
    FIELD(struct certification, status, .words = status_words),
    FIELD(struct certification, updated_at, .meaning = "When it was changed"),
};
const struct record certification_updated = RECORD(struct certification, updated_fields);

static const struct field deleted_fields[] = {
    FIELD(struct certification, certification_id),
    FIELD(struct certification, deleted, .meaning = "true"),
    FIELD(struct certification, deleted_at, .meaning = "When it was removed"),
};
const struct record certification_deleted = RECORD(struct certification, deleted_fields);

static const struct field input_fields[] = {
    FIELD(struct certification_input, mentor_id, .is = FIELD_REQUIRED, .min = 1, .max = 64,
          .meaning = "A mentor of the directory"),
    FIELD(struct certification_input, certification_type, .is = FIELD_REQUIRED, .min = 1, .max = 64,
          .meaning = "What it certifies"),
    FIELD(struct certification_input, issued_at, .is = FIELD_REQUIRED,
          .meaning = "From when it counts"),
    FIELD(struct certification_input, expires_at, .is = FIELD_REQUIRED,
          .meaning = "When it ends; later than issued_at"),
};
const struct record certification_input = RECORD(struct certification_input, input_fields);

static const struct field change_fields[] = {
    FIELD(struct certification_change, certification_type, .min = 1, .max = 64,
          .meaning = "What it certifies"),
    FIELD(struct certification_change, issued_at, .meaning = "From when it counts"),
    FIELD(struct certification_change, expires_at,
          .meaning = "When it ends; a later moment than before renews it"),
    FIELD(struct certification_change, status, .words = status_words,
          .meaning = "revoked revokes it; the others must agree with the dates"),
};
const struct record certification_change = RECORD(struct certification_change, change_fields);

static const char *const sort_words[] = {"created_at", "-created_at", "expires_at", "-expires_at",
                                         "issued_at",  "-issued_at",  NULL};

static const struct field filter_fields[] = {
    LISTING_FIELDS(struct certification_filter, sort_words),
    FIELD(struct certification_filter, mentor_id, .min = 1, .max = 64,
          .meaning = "Only this mentor's"),
    FIELD(struct certification_filter, status, .words = status_words,
          .meaning = "Only those that are so now"),
    FIELD(struct certification_filter, certification_type, .min = 1, .max = 64,
          .meaning = "Only this type"),
    FIELD(struct certification_filter, expires_before, .is = FIELD_DATE_TOO,
          .meaning = "Only those that end before this moment"),
    FIELD(struct certification_filter, expires_after, .is = FIELD_DATE_TOO,
          .meaning = "Only those that end after this moment"),
};
const struct record certification_filter = RECORD(struct certification_filter, filter_fields);

const char *certification_status(const struct certification *certification, struct instant now)
{
    if (instant_given(certification->revoked_at)) {
        return CERTIFICATION_REVOKED;
    }
    return certification->expires_at.ms <= now.ms ? CERTIFICATION_EXPIRED : CERTIFICATION_VALID;
}

void certification_derive(struct certification *certification, struct instant now)
{
    certification->status = certification_status(certification, now);
    certification->auto_pause_applied = instant_given(certification->auto_pause_applied_at);
}

bool certification_is_due(const struct certification *certification, struct instant now,
                          int64_t grace_days)
{
    return instant_plus(certification->expires_at, grace_days * MS_PER_DAY).ms <= now.ms;
}

bool certification_is_superseded_by(const struct certification *certification,
                                    const struct certification *other)
{
    return strcmp(certification->mentor_id, other->mentor_id) == 0 &&
           strcmp(certification->certification_type, other->certification_type) == 0 &&
           !instant_given(other->revoked_at) && other->expires_at.ms > certification->expires_at.ms;
}

const struct certification *certification_newer(const struct certification *certification,
                                                struct list all)
{
    const struct certification *others = all.items;
    const struct certification *newest = NULL;

    for (size_t i = 0; i < all.count; i++) {
        if (certification_is_superseded_by(certification, &others[i]) &&
            (newest == NULL || others[i].expires_at.ms > newest->expires_at.ms)) {
            newest = &others[i];
        }
    }
    return newest;
}

bool certification_dates_agree(struct instant issued_at, struct instant expires_at)
{
    return !instant_given(issued_at) || !instant_given(expires_at) || expires_at.ms > issued_at.ms;
}

void certification_check_dates(struct work *work, struct instant issued_at,
                               struct instant expires_at)
{
    if (!certification_dates_agree(issued_at, expires_at)) {
        fault(work, "expires_at", "must be later than issued_at");
    }
}

struct certification *certification_new(struct arena *arena,
                                        const struct certification_input *input, struct instant now)
{
    struct certification *certification = arena_alloc(arena, sizeof(*certification));

    *certification = (struct certification){
        .certification_id = id_new(arena, "cert_"),
        .mentor_id = input->mentor_id,
        .certification_type = input->certification_type,
        .issued_at = input->issued_at,
        .expires_at = input->expires_at,
        .created_at = now,
        .updated_at = now,
    };
    certification_derive(certification, now);
    return certification;
}

static void take_status(struct certification *certification, struct work *work, const char *status)
{
    if (strcmp(status, CERTIFICATION_REVOKED) == 0) {
        if (!instant_given(certification->revoked_at)) {
            certification->revoked_at = work->now;
        }
        return;
    }
    certification->revoked_at = (struct instant){0};
    if (strcmp(status, certification_status(certification, work->now)) != 0) {
        fault(work, "status", "contradicts expires_at: a certification that ends at %s is %s",
              instant_format(work->arena, certification->expires_at, SECONDS),
              certification_status(certification, work->now));
    }
}

/* Another moment of the same day, which has come already, is no renewal. */
static void take_expiry(struct certification *certification, const struct work *work,
                        struct instant expires_at)
{
    const struct instant before = certification->expires_at;

    certification->expires_at = expires_at;
    const bool same_expiry =
        days_between(before, expires_at) == 0 &&
        certification_is_due(certification, work->now, work->settings->jobs.grace_days);
    if (expires_at.ms > before.ms && !same_expiry) {
        certification->auto_pause_applied_at = (struct instant){0};
    }
}

enum outcome certification_apply(struct certification *certification, struct work *work,
                                 const struct certification_change *change)
{
    if (change->certification_type != NULL) {
        certification->certification_type = change->certification_type;
    }
    if (instant_given(change->issued_at)) {
        certification->issued_at = change->issued_at;
    }
    if (instant_given(change->expires_at)) {
        take_expiry(certification, work, change->expires_at);
    }
    certification_check_dates(work, certification->issued_at, certification->expires_at);
    if (change->status != NULL) {
        take_status(certification, work, change->status);
    }
    certification->updated_at = work->now;
    certification_derive(certification, work->now);
    return work_verdict(work);
}

const char *certification_expiry_reason(struct arena *arena,
                                        const struct certification *certification)
{
    const struct date day = instant_civil(certification->expires_at).date;

    return arena_printf(arena, "Certification %s expired on %04d-%02d-%02d",
                        certification->certification_type, day.year, day.month, day.day);
}
