/* SPDX-License-Identifier: MIT */
#include "http/listener.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

/* A socket on which nobody listens: what a process that was killed leaves behind. */
static bool is_abandoned(const struct sockaddr_un *address)
{
    struct stat file;
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (probe < 0) {
        return false;
    }
    const bool refused = connect(probe, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
                         errno == ECONNREFUSED;
    (void)close(probe);
    return refused && stat(address->sun_path, &file) == 0 && S_ISSOCK(file.st_mode);
}

static bool bind_socket(int listener, const struct sockaddr_un *address)
{
    const struct sockaddr *where = (const struct sockaddr *)address;

    if (bind(listener, where, sizeof(*address)) == 0) {
        return true;
    }
    if (errno != EADDRINUSE) {
        return false;
    }
    if (!is_abandoned(address)) {
        errno = EADDRINUSE;
        return false;
    }
    return unlink(address->sun_path) == 0 && bind(listener, where, sizeof(*address)) == 0;
}

int listener_open(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) {
        return -1;
    }
    const mode_t before = umask(0117);
    const bool bound = bind_socket(listener, &address);
    (void)umask(before);
    if (!bound || listen(listener, BACKLOG) != 0) {
        const int error = errno;
        (void)close(listener);
        errno = error;
        return -1;
    }
    return listener;
}
