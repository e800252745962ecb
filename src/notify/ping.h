/* SPDX-License-Identifier: MIT */
/* Tells a watcher (Healthchecks and its like) that a sweep began, went well or failed: the address
 * is jobs.ping_url. A watcher that cannot be reached never fails the sweep. */
#ifndef MENTORWATCH_NOTIFY_PING_H
#define MENTORWATCH_NOTIFY_PING_H

struct work;

enum ping {
    PING_START,
    PING_SUCCESS,
    PING_FAIL,
};

/* Say it, with one line of text for the watcher to show ("" or NULL: nothing to say). Waits a few
 * seconds at most. Does nothing where jobs.ping_url is empty; leaves a log line when it did not
 * arrive, and never touches work->failure. Between transfers_open() and _close() only. */
void ping_sweep(struct work *work, enum ping ping, const char *text);

#endif
