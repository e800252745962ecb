/* SPDX-License-Identifier: MIT */
#include "http/supervisor.h"

#include "base/text.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_DESCRIPTOR = 3, MICROSECONDS = 1000 };

static int64_t number_in(const char *variable)
{
    const char *text = getenv(variable);
    int64_t number;

    return text != NULL && text_to_int(text, &number) ? number : 0;
}

/* The variables are inherited, and may be meant for one of our ancestors. */
static bool is_ours(const char *variable)
{
    return number_in(variable) == (int64_t)getpid();
}

int supervisor_socket(void)
{
    if (!is_ours("LISTEN_PID") || number_in("LISTEN_FDS") < 1) {
        return -1;
    }
    return fcntl(FIRST_DESCRIPTOR, F_SETFD, FD_CLOEXEC) == 0 ? FIRST_DESCRIPTOR : -1;
}

void supervisor_tell(const char *state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = getenv("NOTIFY_SOCKET");
    const size_t length = path != NULL ? strlen(path) : 0;

    if (length == 0 || length >= sizeof(address.sun_path)) {
        return;
    }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') {
        address.sun_path[0] = '\0'; /* a name that is no file */
    }
    const int to = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (to >= 0) {
        const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
        (void)sendto(to, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address,
                     size);
        (void)close(to);
    }
}

int64_t supervisor_patience_ms(void)
{
    if (getenv("WATCHDOG_PID") != NULL && !is_ours("WATCHDOG_PID")) {
        return 0;
    }
    return number_in("WATCHDOG_USEC") / MICROSECONDS;
}
