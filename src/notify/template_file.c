/* SPDX-License-Identifier: MIT */
#include "notify/template_file.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMPLATE_MAX = 64 * 1024 };

/* Lines may end with CR LF; what comes out ends with LF. */
static enum outcome check_text(struct work *work, char *text, size_t length, const char *path)
{
    size_t characters;
    char *to = text;

    if (strlen(text) != length || !utf8_length(text, &characters)) {
        return fail(work, BROKEN, "the template %s is not a text in UTF-8", path);
    }
    for (const char *from = text; *from != '\0'; from++) {
        if (from[0] != '\r' || from[1] != '\n') {
            *to++ = *from;
        }
    }
    *to = '\0';
    return OK;
}

static enum outcome unreadable(struct work *work, const char *path)
{
    return fail(work, BROKEN, "cannot read the template %s: %s", path, strerror(errno));
}

/* All of it, or as much as is too much. */
static enum outcome read_all(char **out, struct work *work, int file, const char *path)
{
    size_t length = 0;
    struct stat about;
    ssize_t got;

    if (fstat(file, &about) != 0) {
        return unreadable(work, path);
    }
    const size_t room = about.st_size < TEMPLATE_MAX ? (size_t)about.st_size + 1 : TEMPLATE_MAX;
    *out = arena_alloc(work->arena, room);
    while (length < room && (got = read(file, *out + length, room - length)) != 0) {
        if (got < 0) {
            return unreadable(work, path);
        }
        length += (size_t)got;
    }
    if (length == TEMPLATE_MAX) {
        return fail(work, BROKEN, "the template %s is longer than %d bytes", path,
                    TEMPLATE_MAX - 1);
    }
    if (length == room) {
        return fail(work, BROKEN, "the template %s is being written", path);
    }
    return check_text(work, *out, length, path);
}

enum outcome template_file_read(char **out, struct work *work, const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0) {
        return errno == ENOENT ? NOT_FOUND : unreadable(work, path);
    }
    const enum outcome outcome = read_all(out, work, file, path);
    (void)close(file);
    return outcome;
}

struct kept_file {
    struct kept_file *next;
    const char *path;
    char *text; /* NULL: there is no such file */
};

struct template_shelf {
    struct arena *arena;
    struct kept_file *files;
};

struct template_shelf *template_shelf_new(struct arena *arena)
{
    struct template_shelf *shelf = arena_alloc(arena, sizeof(*shelf));

    *shelf = (struct template_shelf){.arena = arena};
    return shelf;
}

static void keep(struct template_shelf *shelf, const char *path, const char *text)
{
    struct kept_file *file = arena_alloc(shelf->arena, sizeof(*file));

    *file = (struct kept_file){.next = shelf->files,
                               .path = arena_text(shelf->arena, path),
                               .text = text == NULL ? NULL : arena_text(shelf->arena, text)};
    shelf->files = file;
}

enum outcome template_shelf_read(char **out, struct work *work, struct template_shelf *shelf,
                                 const char *path)
{
    const struct kept_file *file = shelf == NULL ? NULL : shelf->files;

    while (file != NULL && strcmp(file->path, path) != 0) {
        file = file->next;
    }
    if (file != NULL) {
        *out = file->text;
        return *out == NULL ? NOT_FOUND : OK;
    }
    const enum outcome outcome = template_file_read(out, work, path);
    if (shelf != NULL && (outcome == OK || outcome == NOT_FOUND)) {
        keep(shelf, path, outcome == OK ? *out : NULL);
    }
    return outcome;
}
