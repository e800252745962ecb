/* SPDX-License-Identifier: MIT */
/* The supervisor that has started us, as systemd's protocol has it (sd_listen_fds(3), sd_notify(3),
 * sd_watchdog_enabled(3)): it may hand over a listening socket, be told how we are, and end us when
 * it does not hear from us. Where there is none, all of this does nothing. */
#ifndef MENTORWATCH_HTTP_SUPERVISOR_H
#define MENTORWATCH_HTTP_SUPERVISOR_H

#include <stdint.h>

/* The listening socket that was handed to this process; -1: none was. Of several it is the first.
 */
int supervisor_socket(void);

/* "READY=1", "STOPPING=1", "WATCHDOG=1". One that cannot be reached is not told. From any thread.
 */
void supervisor_tell(const char *state);

/* How often it wants to hear "WATCHDOG=1" at least; 0: never. */
int64_t supervisor_patience_ms(void);

#endif
