/* SPDX-License-Identifier: MIT */
/* All transfers of this process, by mail and by HTTP: the library behind them (libcurl), and their
 * end. */
#ifndef MENTORWATCH_NOTIFY_TRANSFERS_H
#define MENTORWATCH_NOTIFY_TRANSFERS_H

#include <stdbool.h>

/* Call once before the first thread starts, and once after the last has ended. */
void transfers_open(void);
void transfers_close(void);

/* Give up whatever is under way, within a second or so, now and ever after. */
void transfers_cut(void);
bool transfers_are_cut(void);

#endif
