/* SPDX-License-Identifier: MIT */
/* What can be seen on this host alone: the configuration and the files that it names. */
#include "base/config.h"
#include "base/home.h"
#include "base/work.h"
#include "doctor/check.h"
#include "notify/proof.h"
#include "setup/place.h"
#include "wire/token_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *configuration(const struct examination *examination)
{
    return settings_file(examination->work->arena, examination->order->config);
}

void check_configuration(struct examination *examination)
{
    const struct failure *failure = &examination->work->failure;
    const char *file = configuration(examination);

    if (failure->sentence != NULL || failure->faults != NULL) {
        say_failure(examination);
    } else if (file == NULL) {
        say_ok(examination, "there is no file: defaults and the environment count");
    } else {
        say_ok(examination, "%s", file);
    }
}

/* Each false when it has said what is wrong. */

static bool is_ours_to_write(struct examination *examination, const char *path)
{
    if (path == NULL || !place_is_open_to_others(path)) {
        return true;
    }
    say_wrong(examination, "others may write to %s: chmod go-w %s", path, path);
    return false;
}

static bool is_out_of_sight(struct examination *examination, const char *path)
{
    const char *seen = path != NULL ? place_seen_by_web(examination->work->arena, path) : NULL;

    if (seen == NULL) {
        return true;
    }
    say_wrong(examination,
              "%s lies in %s, which the web may see: move it elsewhere, such as a folder of mode "
              "0700 in your home folder",
              path, seen);
    return false;
}

static bool key_is_private(struct examination *examination, const char *path)
{
    struct stat file;

    if (path == NULL || path[0] == '\0') {
        return true;
    }
    if (stat(path, &file) != 0) {
        say_wrong(examination, "token.private_key_file cannot be read: %s: %s", path,
                  strerror(errno));
        return false;
    }
    if ((file.st_mode & S_IRWXO) != 0) {
        say_wrong(examination, "others may read the key that signs tokens: chmod o= %s", path);
        return false;
    }
    return true;
}

void check_files(struct examination *examination)
{
    const struct settings *settings = examination->work->settings;
    const char *const files[] = {
        configuration(examination),
        settings->database.sweep_account,
        settings->database.migrate_account,
    };
    bool good = is_ours_to_write(examination, home_folder(examination->work->arena));

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        good = is_ours_to_write(examination, files[i]) && good;
        good = is_out_of_sight(examination, files[i]) && good;
    }
    good = key_is_private(examination, settings->token.private_key_file) && good;
    if (good) {
        say_ok(examination, "nobody else may write to the configuration or read a private key");
    }
}

/* Without the folder all else works, so it may be missing. */
void check_state(struct examination *examination)
{
    const char *folder = examination->work->settings->notify.state;
    struct stat file;
    const bool found = stat(folder, &file) == 0;

    if (!found && errno == ENOENT) {
        say_skipped(examination,
                    "there is no folder %s: make it (notify.state), and a database that is "
                    "restored from a backup will be noticed",
                    folder);
    } else if (!found || !S_ISDIR(file.st_mode) ||
               faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0) {
        say_wrong(examination,
                  "deliveries cannot be remembered in %s: let it be a folder of the user who runs "
                  "sweep and dispatch, or mend notify.state",
                  folder);
    } else if (is_ours_to_write(examination, folder)) {
        say_ok(examination, "%s", folder);
    }
}

void check_templates(struct examination *examination)
{
    struct work *work = examination->work;

    if (letters_check(work) != OK) {
        say_wrong(examination, "%s: mend it, or look at notify.templates", work->failure.sentence);
        work_clear(work);
    } else {
        say_ok(examination, "%s", work->settings->notify.templates);
    }
}

void check_tokens(struct examination *examination)
{
    struct token_keys *keys;

    if (token_keys_load(&keys, examination->work) != OK) {
        say_failure(examination);
        return;
    }
    if (token_keys_given(keys)) {
        say_ok(examination, "there is a key for %s", token_keys_algorithm(keys));
    } else {
        say_wrong(examination,
                  "no token is accepted: set token.secret, or token.algorithm and token.key_file");
    }
    token_keys_free(keys);
}
