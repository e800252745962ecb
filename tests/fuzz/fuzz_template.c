/* SPDX-License-Identifier: MIT */
/* Whatever template and facts come, wire/template.h renders it or says which line is wrong, and a
 * value stays a value: no markup, no line break comes from it. The input: a byte of switches, a
 * byte of days, the template, and texts that end with NUL. */
#include "base/text.h"
#include "base/work.h"
#include "fuzz.h"
#include "wire/html.h"
#include "wire/template.h"

enum {
    IN_HTML = 1 << 0,
    IS_TRUE = 1 << 1,
    HAS_LIST = 1 << 2,
    IN_NORWEGIAN = 1 << 3,
};

struct facts {
    const char *name;
    const char *reason;
    int64_t days;
    bool paused;
    struct instant at;
    struct list all;
};

static const struct field facts_fields[] = {
    FIELD(struct facts, name),   FIELD(struct facts, reason), FIELD(struct facts, days),
    FIELD(struct facts, paused), FIELD(struct facts, at),     FIELD(struct facts, all),
};
static const struct record facts_record = RECORD(struct facts, facts_fields);

static size_t count_of(const char *text, const char *these)
{
    size_t count = 0;

    for (; *(text += strcspn(text, these)) != '\0'; text++) {
        count++;
    }
    return count;
}

static void as_html(struct text *out, const struct field *field, const char *value)
{
    (void)field;
    html_add_text(out, value);
}

/* "template line 3: …" */
static void check_sentence(const char *sentence, const char *source)
{
    static const char BEGIN[] = "template line ";

    MUST(sentence != NULL && text_starts(sentence, BEGIN));
    char *end;
    const unsigned long line = strtoul(sentence + strlen(BEGIN), &end, 10);
    MUST(*end == ':' && line >= 1 && line <= count_of(source, "\n") + 1);
}

static void check_rendered(const char *out, const char *source, bool html)
{
    MUST(out != NULL);
    MUST(count_of(out, "\n") <= count_of(source, "\n"));
    MUST(!html || count_of(out, "<>\"") <= count_of(source, "<>\""));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {bytes, length};
    struct work work = {.arena = arena_new()};
    const unsigned has = input_byte(&input);
    const bool html = (has & IN_HTML) != 0;
    const unsigned days = input_byte(&input);
    const char *source = input_text(&input, work.arena, length);
    const struct facts facts = {
        .name = input_text(&input, work.arena, length),
        .reason = input_text(&input, work.arena, length),
        .days = (int64_t)days - 100,
        .paused = (has & IS_TRUE) != 0,
        .at = {days * INT64_C(1000) * MS_PER_DAY},
        .all = { NULL,    (has & HAS_LIST) != 0 ? 1 : 0},
    };
    char *out = NULL;

    const enum outcome outcome =
        template_render(&out, &work, source, &facts_record, &facts,
                        (has & IN_NORWEGIAN) != 0 ? "nn" : "en", html ? as_html : NULL);
    MUST(outcome == OK || outcome == INVALID);
    if (outcome == OK) {
        check_rendered(out, source, html);
    } else {
        check_sentence(work.failure.sentence, source);
    }
    arena_free(work.arena);
    return 0;
}
