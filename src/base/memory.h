/* SPDX-License-Identifier: MIT */
/* Memory, and a reserve for the moment in which the system gives none, so that what is under way
 * can be finished. The reserve costs nothing until it is used: those of its pages that nobody has
 * touched do not exist. Any thread may use it. */
#ifndef MENTORWATCH_BASE_MEMORY_H
#define MENTORWATCH_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

enum { RESERVE_SIZE = 2 * 1024 * 1024 };

/* The system's memory, or where it has none the reserve's: never NULL, and not zeroed. Where there
 * is neither, the process ends with EX_OSERR. */
void *memory_take(size_t size);
void memory_give_back(void *memory); /* NULL: nothing */
_Noreturn void out_of_memory(void);

/* For a process that takes as much again as it gives back, batch after batch: the system need not
 * make the same pages ready each time. Before it has threads. */
void memory_keep(void);

/* NULL: so much of it is not left. Aligned for any type, and not zeroed. */
void *reserve_take(size_t size);
/* False: this memory is not of the reserve. All of it is there again when all is given back. */
bool reserve_give_back(const void *memory);

#endif
