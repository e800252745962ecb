/* SPDX-License-Identifier: MIT */
#include "model/server_version.h"

#include "base/arena.h"
#include "base/text.h"

#include <string.h>

enum {
    MARIADB_MAJOR = 10,
    MARIADB_MINOR = 6,
    MYSQL_MAJOR = 8,
};

static bool is_mariadb(const char *version)
{
    return strstr(version, "MariaDB") != NULL;
}

/* The number before the next dot or dash, and what comes after that; false: there is none. */
static bool take_number(int64_t *out, struct arena *arena, const char **at)
{
    const size_t length = strcspn(*at, ".-");
    const char *digits = arena_bytes(arena, *at, length);

    *at += length + ((*at)[length] != '\0');
    return text_to_int(digits, out);
}

bool server_version_will_do(struct arena *arena, const char *version)
{
    const char *at = version;
    int64_t major;
    int64_t minor;

    if (!take_number(&major, arena, &at) || !take_number(&minor, arena, &at)) {
        return false;
    }
    if (!is_mariadb(version)) {
        return major >= MYSQL_MAJOR;
    }
    return major > MARIADB_MAJOR || (major == MARIADB_MAJOR && minor >= MARIADB_MINOR);
}

const char *server_version_name(struct arena *arena, const char *version)
{
    return arena_printf(arena, "%s %.*s", is_mariadb(version) ? "MariaDB" : "MySQL",
                        (int)strcspn(version, "-"), version);
}
