/* SPDX-License-Identifier: MIT */
#include "base/home.h"

#include "base/arena.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char HOME_VARIABLE[] = "MENTORWATCH_HOME";
const char HOME_POINTER[] = "config-path";
const char HOME_TEMPLATES[] = "templates";
const char HOME_CA_FILE[] = "ca-certificates.crt";
const char HOME_STATE[] = "state";

static const char *resolved(struct arena *arena, const char *path)
{
    char real[PATH_MAX];

    return realpath(path, real) != NULL ? arena_text(arena, real) : NULL;
}

const char *home_folder(struct arena *arena)
{
    const char *named = getenv(HOME_VARIABLE);

    return named != NULL && named[0] != '\0' ? resolved(arena, named) : NULL;
}

const char *home_path(struct arena *arena, const char *name)
{
    const char *home = home_folder(arena);

    return home != NULL ? resolved(arena, arena_printf(arena, "%s/%s", home, name)) : NULL;
}

const char *home_configuration(struct arena *arena)
{
    char line[PATH_MAX + 2];
    const char *pointer = home_path(arena, HOME_POINTER);
    FILE *file = pointer != NULL ? fopen(pointer, "re") : NULL;

    if (file == NULL) {
        return NULL;
    }
    const bool read = fgets(line, sizeof(line), file) != NULL;
    (void)fclose(file);
    if (!read) {
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line[0] != '\0' ? arena_text(arena, line) : NULL;
}
