/* SPDX-License-Identifier: MIT */
/* mentorwatch explain: why a mentor was or was not reminded or paused, and what comes next. */
#include "base/arena.h"
#include "base/work.h"
#include "cli/command.h"
#include "db/db.h"
#include "store/explanation.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

enum { WIDTH = 100 };

/* The same facts for all that is said. */
struct question {
    const char *mentor_id;
    struct explanation_facts facts;
};

static enum outcome find(struct work *work, void *context)
{
    struct question *question = context;

    return explanation_facts_find(&question->facts, work, question->mentor_id);
}

/* How many columns these bytes of UTF-8 take. */
static size_t columns(const char *text, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++) {
        count += ((unsigned char)text[i] & 0xC0U) != 0x80U;
    }
    return count;
}

/* Broken between words; the lines after the first are indented by two more. */
static void print_wrapped(const char *text, int indent)
{
    size_t used = (size_t)indent;

    (void)printf("%*s", indent, "");
    for (const char *word = text; *word != '\0';) {
        const size_t length = strcspn(word, " ");
        const size_t width = columns(word, length);
        if (word != text && used + 1 + width > WIDTH) {
            (void)printf("\n%*s", indent + 2, "");
            used = (size_t)indent + 2;
        } else if (word != text) {
            (void)putchar(' ');
            used++;
        }
        (void)fwrite(word, 1, length, stdout);
        used += width;
        word += length;
        word += strspn(word, " ");
    }
    (void)putchar('\n');
}

static void print_all(const struct list *says, int indent)
{
    const char *const *sentences = says->items;

    for (size_t i = 0; i < says->count; i++) {
        print_wrapped(sentences[i], indent);
    }
}

static void print_text(struct arena *arena, const struct explanation *answer)
{
    const struct explained *certifications = answer->certifications.items;

    print_wrapped(answer->mentor_name == NULL
                      ? answer->mentor_id
                      : arena_printf(arena, "%s, %s", answer->mentor_id, answer->mentor_name),
                  0);
    print_all(&answer->says, 2);
    for (size_t i = 0; i < answer->certifications.count; i++) {
        (void)putchar('\n');
        print_wrapped(arena_printf(arena, "%s, %s: %s", certifications[i].certification_id,
                                   certifications[i].certification_type, certifications[i].status),
                      0);
        print_all(&certifications[i].says, 2);
    }
}

int command_explain(struct work *work, const struct command_line *line)
{
    struct question question = {.mentor_id = line->arguments[0]};
    const enum outcome outcome = db_reading(work, find, &question);

    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    const struct explanation answer = explain(work->arena, &question.facts);
    if (line->json) {
        (void)printf("%s\n", json_write(work->arena, &explanation, &answer));
    } else {
        print_text(work->arena, &answer);
    }
    return EX_OK;
}
