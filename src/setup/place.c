/* SPDX-License-Identifier: MIT */
#include "setup/place.h"

#include "base/arena.h"
#include "base/home.h"
#include "base/text.h"
#include "base/work.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char DEFAULT_PLACE[] = "private-mentorwatch/mentorwatch.conf";

/* What hosts call the folder that the web sees. */
static const char *const web_folders[] = {"public_html", "htdocs", "httpdocs", NULL};

/* Nothing in the environment need say where: suEXEC leaves it empty. */
static const char *users_home(void)
{
    const struct passwd *user = getpwuid(geteuid()); /* NOLINT(concurrency-mt-unsafe): one thread */
    const char *named = getenv("HOME");

    return user != NULL && user->pw_dir[0] == '/' ? user->pw_dir : named;
}

static enum outcome absolute(const char **out, struct work *work, const char *wanted)
{
    const char *home = users_home();

    if (wanted != NULL && wanted[0] == '/') {
        *out = wanted;
        return OK;
    }
    if (home == NULL || home[0] != '/') {
        return fail(work, INVALID, "say where the configuration is to lie, as a path from /");
    }
    *out = arena_printf(work->arena, "%s/%s", home,
                        wanted == NULL || wanted[0] == '\0' ? DEFAULT_PLACE : wanted);
    return OK;
}

static bool lies_in(const char *path, const char *folder)
{
    const size_t length = folder != NULL ? strlen(folder) : 0;

    return length > 1 && strncmp(path, folder, length) == 0 &&
           (path[length] == '/' || path[length] == '\0');
}

static bool resolve(char out[PATH_MAX], const char *path)
{
    return path != NULL && realpath(path, out) != NULL;
}

static bool is_web_folder(struct arena *arena, const char *folder)
{
    const char *name = strrchr(folder, '/') + 1;
    const char *rules = arena_printf(arena, "%s/.htaccess", folder);

    return web_folders[text_index(web_folders, name)] != NULL || access(rules, F_OK) == 0;
}

/* NULL: the web does not see it, as far as can be told from here. */
static const char *web_folder_of(struct arena *arena, const char *folder, const char *web_root)
{
    char real_root[PATH_MAX];
    const char *home = home_folder(arena);
    char *at = arena_text(arena, folder);

    if (resolve(real_root, web_root) && lies_in(folder, real_root)) {
        return arena_text(arena, real_root);
    }
    if (home != NULL && lies_in(folder, home)) {
        return home;
    }
    for (char *slash; at[0] != '\0'; *slash = '\0') {
        if (is_web_folder(arena, at)) {
            return at;
        }
        slash = strrchr(at, '/');
    }
    return NULL;
}

static enum outcome make_folder(char real[PATH_MAX], struct work *work, const char *folder)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return fail(work, INVALID, "cannot make the folder %s: %s", folder, strerror(errno));
    }
    return resolve(real, folder)
               ? OK
               : fail(work, INVALID, "%s cannot be used: %s", folder, strerror(errno));
}

static enum outcome refuse(struct work *work, const char *path, const char *seen)
{
    return fail(work, INVALID,
                "%s would lie in %s, which the web may see: choose a folder outside of it", path,
                seen);
}

enum outcome place_for_configuration(const char **out, struct work *work, const char *wanted,
                                     const char *web_root)
{
    char real[PATH_MAX];
    const char *path;

    TRY(absolute(&path, work, wanted));
    const char *slash = strrchr(path, '/');
    const char *folder = arena_bytes(work->arena, path, (size_t)(slash - path));
    if (slash[1] == '\0' || folder[0] == '\0') {
        return fail(work, INVALID, "%s is no path of a file in a folder", path);
    }
    const char *seen = web_folder_of(work->arena, folder, web_root); /* before a folder is made */
    if (seen != NULL) {
        return refuse(work, path, seen);
    }
    TRY(make_folder(real, work, folder));
    seen = web_folder_of(work->arena, real, web_root); /* it may be a link */
    if (seen != NULL) {
        return refuse(work, path, seen);
    }
    *out = arena_printf(work->arena, "%s%s", real, slash);
    return access(*out, F_OK) != 0 ? OK : fail(work, CONFLICT, "%s is there already", *out);
}

const char *place_seen_by_web(struct arena *arena, const char *path)
{
    char real[PATH_MAX];

    if (!resolve(real, path)) {
        return NULL;
    }
    *strrchr(real, '/') = '\0';
    return web_folder_of(arena, real, NULL);
}

bool place_is_open_to_others(const char *path)
{
    struct stat file;

    return stat(path, &file) == 0 && (file.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}
