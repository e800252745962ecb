/* SPDX-License-Identifier: MIT */
#include "notify/push_template.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "notify/http_client.h"
#include "notify/template_file.h"
#include "wire/base64url.h"
#include "wire/json.h"
#include "wire/template.h"

#include <string.h>
#include <unistd.h>

enum { TITLE_MAX = 200, TEXT_MAX = 2000 }; /* characters that every service takes */

static const char GAP[] = "\n\n"; /* between headers and body */

struct push_values {
    const char *title;
    const char *text;
    const char *kind;
    const char *message_id;
};

static const struct field values_fields[] = {
    FIELD(struct push_values, title, .is = FIELD_FREE),
    FIELD(struct push_values, text, .is = FIELD_FREE | FIELD_LINES),
    FIELD(struct push_values, kind, .is = FIELD_FREE),
    FIELD(struct push_values, message_id, .is = FIELD_FREE),
};
static const struct record values_record = RECORD(struct push_values, values_fields);

/* How a value is written where it stands. */
typedef const char *writing(struct arena *arena, const char *value);

static const char *as_it_is(struct arena *arena, const char *value)
{
    (void)arena;
    return value;
}

static const char *inside_json(struct arena *arena, const char *value)
{
    struct text json = text_in(arena);

    json_add_text(&json, value);
    const char *quoted = text_done(&json);
    return arena_bytes(arena, quoted + 1, strlen(quoted) - 2);
}

static const char *inside_header(struct arena *arena, const char *value)
{
    const size_t length = strlen(value);
    char *line = arena_text(arena, value);
    bool ascii = true;

    for (size_t i = 0; i < length; i++) {
        ascii = ascii && (unsigned char)line[i] < 0x80;
        if ((unsigned char)line[i] < ' ' || line[i] == '\x7F') {
            line[i] = ' ';
        }
    }
    const struct bytes bytes = {(const unsigned char *)line, length};
    return ascii ? line : arena_printf(arena, "=?UTF-8?B?%s?=", base64_encode(arena, bytes));
}

static const char *trimmed(struct arena *arena, const char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == '\n') {
        length--;
    }
    return arena_bytes(arena, text, length);
}

static enum outcome render(char **out, struct work *work, const char *path, const char *source,
                           const struct push_values *values, writing *write)
{
    struct arena *arena = work->arena;
    const struct push_values written = {
        .title = write(arena, values->title),
        .text = write(arena, values->text),
        .kind = write(arena, values->kind),
        .message_id = write(arena, values->message_id),
    };

    if (template_render(out, work, source, &values_record, &written, "en", NULL) != OK) {
        return fail(work, BROKEN, "the template %s: %s", path, work->failure.sentence);
    }
    return OK;
}

/* "Name: value", and nothing in it that could begin another line. */
static bool is_header(const char *line)
{
    const size_t name = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789!#$%&'*+-.^_`|~");

    return name > 0 && line[name] == ':' && !text_has_controls(line, false);
}

static bool is_type(const char *line, const char **type)
{
    static const char NAME[] = "Content-Type:";
    const size_t length = strlen(NAME);

    if (strlen(line) < length || strncasecmp(line, NAME, length) != 0) {
        return false;
    }
    *type = line + length + strspn(line + length, " ");
    return true;
}

/* The source with its first `length` bytes left out, but not their line breaks: so a mistake in the
 * rest is told by its line in the file. */
static char *rest_of(struct arena *arena, const char *source, size_t length, size_t *breaks)
{
    struct text rest = text_in(arena);

    for (const char *at = source; (at = memchr(at, '\n', length - (size_t)(at - source))) != NULL;
         at++) {
        text_add(&rest, "\n");
    }
    *breaks = rest.length;
    text_add(&rest, source + length);
    return text_done(&rest);
}

/* Takes the lines of `text` apart. *type stays as it is when none of them tells the body's type. */
static enum outcome read_headers(struct list *out, struct work *work, const char *path, char *text,
                                 const char **type)
{
    for (char *line = text; *line != '\0';) {
        char *end = line + strcspn(line, "\n");
        char *next = *end == '\0' ? end : end + 1;
        *end = '\0';
        if (!is_header(line)) {
            return fail(work, BROKEN, "the template %s: \"%s\" is not a header", path, line);
        }
        (void)is_type(line, type);
        *(const char **)list_append(out, work->arena, sizeof(line)) = line;
        line = next;
    }
    return OK;
}

static const char *path_of(const struct work *work, const char *name)
{
    return arena_printf(work->arena, "%s/push/%s.txt", work->settings->notify.templates, name);
}

bool push_template_exists(struct work *work, const char *name)
{
    return access(path_of(work, name), F_OK) == 0;
}

enum outcome push_template_write(struct http_post *out, struct work *work, const char *name,
                                 const struct message *message, const struct letter *letter)
{
    struct arena *arena = work->arena;
    const char *path = path_of(work, name);
    const struct push_values values = {
        .title = text_cut(arena, letter->subject, TITLE_MAX),
        .text = trimmed(arena, text_cut(arena, letter->text, TEXT_MAX)),
        .kind = message->kind,
        .message_id = message->delivery_id,
    };
    const char *type = NULL;
    char *source;
    char *head;
    char *body;

    const enum outcome read = template_file_read(&source, work, path);
    if (read == NOT_FOUND) {
        return fail(work, BROKEN, "there is no template %s", path);
    }
    TRY(read);
    const char *gap = strstr(source, GAP);
    if (gap == NULL) {
        return fail(work, BROKEN, "the template %s has no empty line between headers and body",
                    path);
    }
    TRY(render(&head, work, path, arena_bytes(arena, source, (size_t)(gap - source)), &values,
               inside_header));
    TRY(read_headers(&out->headers, work, path, head, &type));
    if (type == NULL) {
        return fail(work, BROKEN, "the template %s has no header Content-Type", path);
    }
    size_t breaks;
    const char *rest = rest_of(arena, source, (size_t)(gap - source) + strlen(GAP), &breaks);
    TRY(render(&body, work, path, rest, &values,
               text_starts(type, "application/json") ? inside_json : as_it_is));
    out->body = trimmed(arena, body + breaks);
    return OK;
}
