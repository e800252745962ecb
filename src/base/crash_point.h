/* SPDX-License-Identifier: MIT */
/* Places at which a test lets the program die: before and after each call to the database and to
 * other servers. `./dev test faults` visits them all.
 *
 * Only a build that was configured with --enable-faults has them; in any other the macro is
 * nothing. In such a build the visits of all threads are counted from 1, and the environment says
 * what comes of it:
 *
 *     CRASH_AT=N        at the N-th visit the process ends as by kill -9, with status 137
 *     CRASH_COUNT=FILE  when the process ends by itself, the number of visits is in this file
 */
#ifndef MENTORWATCH_BASE_CRASH_POINT_H
#define MENTORWATCH_BASE_CRASH_POINT_H

#ifdef ENABLE_FAULTS
void crash_point(const char *where);
#define CRASH_POINT(where) crash_point(where)
#else
#define CRASH_POINT(where) ((void)0)
#endif

#endif
