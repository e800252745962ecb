/* SPDX-License-Identifier: MIT */
#include "wire/template.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"
#include "wire/words.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

enum { DEPTH_MAX = 16, TAG_MARK = 2 /* the length of "{{" */ };

struct section {
    const char *name;
    size_t line; /* where it was opened */
    bool shown;
};

struct renderer {
    struct work *work;
    const struct record *facts;
    const void *object;
    const char *language;
    template_escape *escape;
    const char *line_start;
    size_t line;
    struct section open[DEPTH_MAX];
    size_t depth;
    struct text out;
};

struct tag {
    char kind;        /* '#', '^', '/', '!', or ' ' for a variable */
    const char *name; /* what else stands between the braces */
    const char *end;  /* what follows the tag */
};

static bool shown(const struct renderer *renderer)
{
    return renderer->depth == 0 || renderer->open[renderer->depth - 1].shown;
}

static void emit(struct renderer *renderer, const char *from, const char *to)
{
    if (shown(renderer)) {
        text_add_bytes(&renderer->out, from, (size_t)(to - from));
    }
}

static bool is_there(const struct field *field, const void *object)
{
    const void *at = field_at(field, object);

    switch (field->type) {
    case FIELD_TEXT:
        return *(const char *const *)at != NULL && (*(const char *const *)at)[0] != '\0';
    case FIELD_INT:
        return *(const int64_t *)at != 0;
    case FIELD_BOOL:
        return *(const bool *)at;
    case FIELD_INSTANT:
        return instant_given(*(const struct instant *)at);
    case FIELD_LIST:
        return ((const struct list *)at)->count > 0;
    }
    return false;
}

/* A line break in somebody's name must not become one in the message. */
static void emit_text(struct renderer *renderer, const struct field *field, const char *value)
{
    char *shown_as = arena_text(renderer->work->arena, value);

    for (char *byte = shown_as; *byte != '\0' && (field->is & FIELD_LINES) == 0; byte++) {
        if ((unsigned char)*byte < ' ') {
            *byte = ' ';
        }
    }
    if (renderer->escape == NULL) {
        text_add(&renderer->out, shown_as);
    } else {
        renderer->escape(&renderer->out, field, shown_as);
    }
}

static enum outcome show_value(struct renderer *renderer, const struct field *field)
{
    const void *at = field_at(field, renderer->object);

    if (field->type == FIELD_LIST) {
        return fail(renderer->work, INVALID, "template line %zu: {{%s}} is a list", renderer->line,
                    field->name);
    }
    if (!shown(renderer)) {
        return OK;
    }
    if (field->type == FIELD_INT) {
        text_add_format(&renderer->out, "%" PRId64, *(const int64_t *)at);
    } else if (field->type == FIELD_BOOL) {
        text_add(&renderer->out, *(const bool *)at ? "true" : "false");
    } else if (is_there(field, renderer->object)) {
        if (field->type == FIELD_TEXT) {
            emit_text(renderer, field, *(const char *const *)at);
        } else {
            text_add(&renderer->out,
                     date_in_words(renderer->work->arena, *(const struct instant *)at,
                                   renderer->language));
        }
    }
    return OK;
}

static enum outcome open_section(struct renderer *renderer, const struct field *field, bool wanted)
{
    if (renderer->depth == DEPTH_MAX) {
        return fail(renderer->work, INVALID, "template line %zu: more than %d sections nested",
                    renderer->line, DEPTH_MAX);
    }
    const bool inside = shown(renderer) && is_there(field, renderer->object) == wanted;
    renderer->open[renderer->depth++] =
        (struct section){.name = field->name, .line = renderer->line, .shown = inside};
    return OK;
}

static enum outcome close_section(struct renderer *renderer, const char *name)
{
    if (renderer->depth == 0 || strcmp(renderer->open[renderer->depth - 1].name, name) != 0) {
        return fail(renderer->work, INVALID, "template line %zu: {{/%s}} closes nothing",
                    renderer->line, name);
    }
    renderer->depth--;
    return OK;
}

static enum outcome obey(struct renderer *renderer, const struct tag *tag)
{
    if (tag->kind == '!') {
        return OK;
    }
    if (tag->kind == '/') {
        return close_section(renderer, tag->name);
    }
    const struct field *field = record_field(renderer->facts, tag->name);
    if (field == NULL) {
        return fail(renderer->work, INVALID, "template line %zu: there is no {{%s}}",
                    renderer->line, tag->name);
    }
    if (tag->kind == ' ') {
        return show_value(renderer, field);
    }
    return open_section(renderer, field, tag->kind == '#');
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t\r");
}

/* Read the tag that begins at `at`. A tag must end on its own line. */
static enum outcome read_tag(struct tag *out, struct renderer *renderer, const char *at)
{
    const char *inside = at + TAG_MARK;
    const char *close = strstr(inside, "}}");
    const char *newline = strchr(inside, '\n');

    if (close == NULL || (newline != NULL && newline < close)) {
        return fail(renderer->work, INVALID, "template line %zu: a tag does not end",
                    renderer->line);
    }
    const bool marked = strchr("#^/!", *inside) != NULL; /* no NUL: "}}" follows */
    const char *name = skip_blanks(inside + marked);
    const char *name_end = close;
    while (name_end > name && (name_end[-1] == ' ' || name_end[-1] == '\t')) {
        name_end--;
    }
    out->kind = ' ';
    if (marked) {
        out->kind = *inside;
    }
    out->name =
        arena_bytes(renderer->work->arena, name, name_end > name ? (size_t)(name_end - name) : 0);
    out->end = close + TAG_MARK;
    return OK;
}

/* Whether the tag is alone on its line, and not a variable: then the line is not shown. */
static bool takes_line(const struct renderer *renderer, const char *begin, const struct tag *tag)
{
    const char *after = skip_blanks(tag->end);

    return tag->kind != ' ' && skip_blanks(renderer->line_start) == begin &&
           (*after == '\n' || *after == '\0');
}

static void pass_lines(struct renderer *renderer, const char *from, const char *to)
{
    for (const char *at = from; (at = memchr(at, '\n', (size_t)(to - at))) != NULL;) {
        at++;
        renderer->line++;
        renderer->line_start = at;
    }
}

/* From here to the end of the next tag, or of the source. */
static enum outcome render_step(struct renderer *renderer, const char **at)
{
    const char *begin = strstr(*at, "{{");
    struct tag tag;

    if (begin == NULL) {
        const char *end = *at + strlen(*at);
        emit(renderer, *at, end);
        *at = end;
        return OK;
    }
    pass_lines(renderer, *at, begin);
    TRY(read_tag(&tag, renderer, begin));
    if (!takes_line(renderer, begin, &tag)) {
        emit(renderer, *at, begin);
        *at = tag.end;
        return obey(renderer, &tag);
    }
    emit(renderer, *at, renderer->line_start);
    TRY(obey(renderer, &tag));
    const char *after = skip_blanks(tag.end);
    *at = after + (*after == '\n');
    pass_lines(renderer, after, *at);
    return OK;
}

enum outcome template_render(char **out, struct work *work, const char *source,
                             const struct record *facts, const void *object, const char *language,
                             template_escape *escape)
{
    struct renderer renderer = {
        .work = work,
        .facts = facts,
        .object = object,
        .language = language,
        .escape = escape,
        .line_start = source,
        .line = 1,
        .out = text_in(work->arena),
    };

    for (const char *at = source; *at != '\0';) {
        TRY(render_step(&renderer, &at));
    }
    if (renderer.depth > 0) {
        const struct section *section = &renderer.open[renderer.depth - 1];
        return fail(work, INVALID, "template line %zu: {{#%s}} is not closed", section->line,
                    section->name);
    }
    *out = text_done(&renderer.out);
    return OK;
}
