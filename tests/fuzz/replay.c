/* SPDX-License-Identifier: MIT */
/* The main of a fuzz target without libFuzzer: shows it every file of its corpus, or those that are
 * named. The last name that it prints is the file that stopped it. */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>

enum { FILE_MAX = 1024 * 1024, FOLDER_MAX = 4096 };

static bool replay_file(const char *path)
{
    static uint8_t bytes[FILE_MAX];
    FILE *file = fopen(path, "re");

    (void)fprintf(stderr, "%s\n", path);
    if (file == NULL) {
        perror(path);
        return false;
    }
    const size_t length = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    /* In a block of its own, so that a read beyond its end is seen. */
    uint8_t *copy = malloc(length > 0 ? length : 1);
    MUST(copy != NULL);
    memcpy(copy, bytes, length);
    (void)LLVMFuzzerTestOneInput(copy, length);
    free(copy);
    return true;
}

static bool replay_folder(const char *folder)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, NULL, alphasort);
    bool good = count > 2; /* "." and ".." alone prove nothing */

    if (!good) {
        (void)fprintf(stderr, "%s: no files to replay\n", folder);
    }
    for (int i = 0; i < count; i++) {
        char path[FOLDER_MAX + sizeof(entries[i]->d_name) + 1];
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            good = replay_file(path) && good;
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
    return good;
}

int main(int argc, char **argv)
{
    const char *source = getenv("srcdir"); /* as make check sets it */
    char folder[FOLDER_MAX];
    bool good = true;

    for (int i = 1; i < argc; i++) {
        good = replay_file(argv[i]) && good;
    }
    if (argc < 2) {
        (void)snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s",
                       source == NULL ? "." : source, program_invocation_short_name);
        good = replay_folder(folder);
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
