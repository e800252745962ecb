/* SPDX-License-Identifier: MIT */
#include "base/thresholds.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"

#include <string.h>

enum { MOST_THRESHOLDS = 10, MOST_TYPES = 20 };

static const char BLANKS[] = " \t";

bool thresholds_read(struct list *out, struct arena *arena, const char *text)
{
    int64_t before = THRESHOLD_MAX + 1;
    bool good = text_numbers(out, arena, text);
    const int64_t *days = out->items;

    for (size_t i = 0; i < out->count; i++) {
        good = good && days[i] >= 1 && days[i] < before;
        before = days[i];
    }
    return good && out->count > 0 && out->count <= MOST_THRESHOLDS;
}

static const char *trimmed(struct arena *arena, const char *from, const char *end)
{
    from += strspn(from, BLANKS);
    while (end > from && strchr(BLANKS, end[-1]) != NULL) {
        end--;
    }
    return arena_bytes(arena, from, end > from ? (size_t)(end - from) : 0);
}

static bool is_listed(const struct list *types, const char *type)
{
    const struct type_thresholds *listed = types->items;

    for (size_t i = 0; i < types->count; i++) {
        if (strcmp(listed[i].type, type) == 0) {
            return true;
        }
    }
    return false;
}

/* "first_aid: 60,30". The last colon divides: a type may have one of its own. */
static bool read_type(struct list *out, struct arena *arena, const char *entry)
{
    const char *colon = strrchr(entry, ':');

    if (colon == NULL) {
        return false;
    }
    const char *type = trimmed(arena, entry, colon);
    const char *days = trimmed(arena, colon + 1, colon + strlen(colon));
    struct type_thresholds read = {.type = type};
    if (type[0] == '\0' || is_listed(out, type) || out->count == MOST_TYPES ||
        !thresholds_read(&read.days, arena, days)) {
        return false;
    }
    *(struct type_thresholds *)list_append(out, arena, sizeof(read)) = read;
    return true;
}

bool thresholds_by_type_read(struct list *out, struct arena *arena, const char *text)
{
    *out = (struct list){0};
    if (text[strspn(text, BLANKS)] == '\0') {
        return true;
    }
    for (;;) {
        const size_t length = strcspn(text, "|");
        if (!read_type(out, arena, arena_bytes(arena, text, length))) {
            return false;
        }
        if (text[length] == '\0') {
            return true;
        }
        text += length + 1;
    }
}

const char *thresholds_check(const char *text, struct arena *arena)
{
    struct list days;

    return thresholds_read(&days, arena, text)
               ? NULL
               : arena_printf(arena,
                              "must be up to %d numbers of days from %d to 1, the largest first, "
                              "such as 30,14,7",
                              MOST_THRESHOLDS, THRESHOLD_MAX);
}

const char *thresholds_by_type_check(const char *text, struct arena *arena)
{
    struct list types;

    return thresholds_by_type_read(&types, arena, text)
               ? NULL
               : arena_printf(arena,
                              "must be up to %d types, each once, with up to %d numbers of days "
                              "from %d to 1, the largest first, such as "
                              "first_aid: 60,30 | driving: 14",
                              MOST_TYPES, MOST_THRESHOLDS, THRESHOLD_MAX);
}
