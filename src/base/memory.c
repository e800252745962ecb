/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

enum {
    ALIGNMENT = _Alignof(max_align_t),
    KEPT = 64 * 1024 * 1024,      /* bytes at the end of the heap that stay */
    KEPT_EACH = 16 * 1024 * 1024, /* a piece that is larger than this goes back alone */
};

static _Alignas(max_align_t) unsigned char reserve[RESERVE_SIZE];
static size_t used;
static size_t taken; /* pieces that are out */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void memory_keep(void)
{
#ifdef M_TRIM_THRESHOLD
    (void)mallopt(M_TRIM_THRESHOLD, KEPT);
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_EACH);
#endif
}

void *reserve_take(size_t size)
{
    void *found = NULL;

    (void)pthread_mutex_lock(&lock);
    if (size <= RESERVE_SIZE - used) {
        found = reserve + used;
        used += (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        taken++;
    }
    (void)pthread_mutex_unlock(&lock);
    return found;
}

bool reserve_give_back(const void *memory)
{
    const unsigned char *at = memory;

    if (at < reserve || at >= reserve + RESERVE_SIZE) {
        return false;
    }
    (void)pthread_mutex_lock(&lock);
    if (--taken == 0) {
        used = 0;
    }
    (void)pthread_mutex_unlock(&lock);
    return true;
}

/* Not abort(): what a core file would show is for nobody else to see. */
_Noreturn void out_of_memory(void)
{
    static const char sentence[] = "mentorwatch: out of memory\n";

    (void)!write(STDERR_FILENO, sentence, sizeof(sentence) - 1);
    _exit(EX_OSERR);
}

void *memory_take(size_t size)
{
    void *memory = malloc(size);

    if (memory == NULL) {
        memory = reserve_take(size);
    }
    if (memory == NULL) {
        out_of_memory();
    }
    return memory;
}

void memory_give_back(void *memory)
{
    if (!reserve_give_back(memory)) {
        free(memory);
    }
}
