/* SPDX-License-Identifier: MIT */
/* Whatever body comes, wire/json.h fills a struct whose every value is within its field's bounds,
 * or names what is wrong; and what it filled is written so that it is read as the same again. The
 * input is the body. */
#include "base/text.h"
#include "base/work.h"
#include "fuzz.h"
#include "wire/json.h"

struct copy {
    const char *shelf;
    int64_t number;
};

struct loan {
    const char *loan_id;
    const char *title;
    const char *remark;
    int64_t days;
    bool late;
    struct instant due_at;
    struct list readers;
    struct list copies;
};

static const struct field copy_fields[] = {
    FIELD(struct copy, shelf, .is = FIELD_REQUIRED, .min = 1, .max = 8),
    FIELD(struct copy, number, .min = 1, .max = 99, .fallback = "1"),
};
static const struct record copy_record = RECORD(struct copy, copy_fields);

static const struct field input_fields[] = {
    FIELD(struct loan, title, .is = FIELD_REQUIRED, .min = 1, .max = 40),
    FIELD(struct loan, remark, .is = FIELD_NULLABLE | FIELD_LINES, .max = 100),
    FIELD(struct loan, days, .min = -5, .max = 365, .fallback = "28"),
    FIELD(struct loan, late),
    FIELD(struct loan, due_at, .is = FIELD_DATE_TOO | FIELD_MILLIS),
    FIELD(struct loan, readers, .is = FIELD_LONE, .max = 3),
    FIELD(struct loan, copies, .of = &copy_record),
};
static const struct record accepts = RECORD(struct loan, input_fields);

static const struct field shown_fields[] = {
    FIELD(struct loan, loan_id),
    FIELD(struct loan, title),
};
static const struct record shows = RECORD(struct loan, shown_fields);

/* Absent ones are left out, as only what was given may be read again. */
static const struct field again_fields[] = {
    FIELD(struct loan, title),
    FIELD(struct loan, remark, .is = FIELD_OMITTED),
    FIELD(struct loan, days),
    FIELD(struct loan, late),
    FIELD(struct loan, due_at, .is = FIELD_OMITTED | FIELD_MILLIS),
    FIELD(struct loan, readers, .is = FIELD_OMITTED),
    FIELD(struct loan, copies, .of = &copy_record, .is = FIELD_OMITTED),
};
static const struct record again = RECORD(struct loan, again_fields);

static void check_text(const char *text, size_t most, bool lines)
{
    size_t characters;

    MUST(text != NULL && utf8_length(text, &characters) && characters <= most);
    MUST(!text_has_controls(text, lines));
}

static void check_loan(const struct loan *loan)
{
    MUST(loan->loan_id == NULL); /* read-only */
    check_text(loan->title, 40, false);
    if (loan->remark != NULL) {
        check_text(loan->remark, 100, true);
    }
    MUST(loan->days >= -5 && loan->days <= 365);
    MUST(!instant_given(loan->due_at) || instant_is_acceptable(loan->due_at));
    for (size_t i = 0; i < loan->readers.count; i++) {
        check_text(((const char *const *)loan->readers.items)[i], FIELD_TEXT_MAX, false);
    }
    for (size_t i = 0; i < loan->copies.count; i++) {
        const struct copy *copy = (const struct copy *)loan->copies.items + i;
        check_text(copy->shelf, 8, false);
        MUST(copy->number >= 1 && copy->number <= 99);
    }
}

static void check_again(struct work *work, const struct loan *loan)
{
    struct loan second = {0};
    const char *json = json_write(work->arena, &again, loan);

    MUST(json_read(&second, work, &accepts, &shows, json, strlen(json), NULL) == OK);
    MUST(strcmp(json_write(work->arena, &again, &second), json) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct work work = {.arena = arena_new()};
    struct loan loan = {0};
    uint64_t given = 0;

    const enum outcome outcome =
        json_read(&loan, &work, &accepts, &shows, (const char *)bytes, length, &given);
    MUST(outcome == OK || outcome == MALFORMED || outcome == INVALID);
    MUST((outcome == INVALID) == (work.failure.faults != NULL));
    if (outcome == OK) {
        MUST((given & 1) != 0);
        check_loan(&loan);
        check_again(&work, &loan);
    } else {
        MUST(outcome == INVALID || work.failure.sentence != NULL);
    }
    arena_free(work.arena);
    return 0;
}
