/* SPDX-License-Identifier: MIT */
/* A library that is loaded before the others (LD_PRELOAD) and lets the n-th call of a kind fail:
 * allocations, calls on sockets, calls to the database.
 *
 * FAILING names a file that a test has mapped, too: struct control. While its `kind` is set, the
 * calls of all threads are counted; the one whose number is `at` fails with `error`, and from
 * where it was called is in `where`. While `at` is 0 none fails, and `places` tells which calls
 * come from the same place. So the programs themselves know nothing of it, and those that are
 * tested are those that are installed.
 *
 * Allocations of four libraries are left out, since they end the process: all of the FastCGI
 * library (assert), those of MariaDB's while it connects, those of the C library while it looks a
 * user or a host up (both do not look at what they got), and those of AddressSanitizer when a
 * thread begins (assert).
 */
#include <dlfcn.h>
#include <errmsg.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <mysql.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <unwind.h>

enum kind { NONE, ALLOCATION, SOCKET, DATABASE };

enum { PLACES = 32768, DEPTH = 3 };

struct control {
    atomic_llong kind;
    atomic_llong at;
    atomic_llong error;
    atomic_llong calls;
    char where[992];
    atomic_ullong places[PLACES]; /* of each call, by its number - 1 */
};

enum { EARLY_BYTES = 64 * 1024, ALIGNMENT = 16 };

static struct control *control;
static uintptr_t libfcgi_from, libfcgi_to; /* its code */
static _Thread_local bool within_careless; /* a function that does not look at what it got */

/* What dlsym() itself asks for, before it has told us where malloc is. */
static _Alignas(max_align_t) unsigned char early[EARLY_BYTES];
static size_t early_used;

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);

/* A pointer to a function is not one to an object; POSIX has them alike. */
static void find(void *function, const char *name)
{
    void *const found = dlsym(RTLD_NEXT, name);

    memcpy(function, &found, sizeof(found));
}

static bool is_early(const void *memory)
{
    const unsigned char *at = memory;

    return at >= early && at < early + EARLY_BYTES;
}

static void *early_alloc(size_t size)
{
    const size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

    if (rounded > EARLY_BYTES - early_used) {
        abort();
    }
    void *found = early + early_used;
    early_used += rounded;
    return found;
}

static int note_libfcgi(struct dl_phdr_info *library, size_t size, void *context)
{
    (void)size;
    (void)context;
    if (strstr(library->dlpi_name, "/libfcgi.") == NULL) {
        return 0;
    }
    for (size_t i = 0; i < library->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &library->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0) {
            libfcgi_from = library->dlpi_addr + part->p_vaddr;
            libfcgi_to = libfcgi_from + part->p_memsz;
        }
    }
    return 1;
}

static bool is_left_out(const void *caller)
{
    return within_careless || ((uintptr_t)caller >= libfcgi_from && (uintptr_t)caller < libfcgi_to);
}

__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("FAILING");
    const int file = name == NULL ? -1 : open(name, O_RDWR | O_CLOEXEC);

    if (file < 0) {
        return;
    }
    void *shared = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    (void)close(file);
    (void)dl_iterate_phdr(note_libfcgi, NULL);
    if (shared != MAP_FAILED) {
        control = shared;
    }
}

static void note_place(const void *caller)
{
    Dl_info found = {0};

    (void)dladdr(caller, &found);
    (void)snprintf(control->where, sizeof(control->where), "%s+0x%zx %s",
                   found.dli_fname != NULL ? found.dli_fname : "?",
                   (size_t)((uintptr_t)caller - (uintptr_t)found.dli_fbase),
                   found.dli_sname != NULL ? found.dli_sname : "");
}

struct walk {
    uintptr_t from;
    unsigned long long place;
    int functions; /* that are in it */
};

static _Unwind_Reason_Code walk_up(struct _Unwind_Context *function, void *context)
{
    const unsigned long long prime = 1099511628211U; /* FNV-1a, by whole addresses */
    struct walk *walk = context;
    const uintptr_t address = _Unwind_GetIP(function);

    if (walk->functions > 0 || address == walk->from) {
        walk->place = (walk->place ^ address) * prime;
        walk->functions++;
    }
    return walk->functions < DEPTH ? _URC_NO_REASON : _URC_END_OF_STACK;
}

/* A number for where a call comes from: its caller and who called that, DEPTH functions in all. By
 * the caller alone whatever is allocated through strdup or memory_take would be one place. Another
 * process has other numbers. */
static unsigned long long place_of(const void *caller)
{
    struct walk walk = {.from = (uintptr_t)caller,
                        .place = 14695981039346656037U ^ (uintptr_t)caller};

    (void)_Unwind_Backtrace(walk_up, &walk);
    return walk.place;
}

/* Whether this call is the one. */
static bool fails(enum kind kind, const void *caller)
{
    if (control == NULL || atomic_load(&control->kind) != kind) {
        return false;
    }
    const long long before = atomic_fetch_add(&control->calls, 1);
    const long long at = atomic_load(&control->at);
    if (at == 0 && before < PLACES) {
        atomic_store(&control->places[before], place_of(caller));
    }
    if (before + 1 != at) {
        return false;
    }
    atomic_store(&control->kind, NONE); /* what follows is for noting the place */
    note_place(caller);
    atomic_store(&control->kind, kind);
    return true;
}

#define CALLER __builtin_return_address(0)

/* ---- allocations ---- */

static bool fails_to_allocate(const void *caller)
{
    if (control == NULL || is_left_out(caller) || !fails(ALLOCATION, caller)) {
        return false;
    }
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    static bool looking;

    if (real_malloc == NULL) {
        if (looking) {
            return early_alloc(size);
        }
        looking = true;
        find(&real_calloc, "calloc");
        find(&real_realloc, "realloc");
        find(&real_free, "free");
        find(&real_malloc, "malloc");
    }
    if (fails_to_allocate(CALLER)) {
        return NULL;
    }
    return real_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (real_calloc == NULL) {
        return memset(early_alloc(count * size), 0, count * size);
    }
    if (fails_to_allocate(CALLER)) {
        return NULL;
    }
    return real_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    if (fails_to_allocate(CALLER)) {
        return NULL;
    }
    if (is_early(memory) || real_realloc == NULL) {
        void *moved = malloc(size);
        if (moved != NULL && memory != NULL) {
            const size_t rest = (size_t)(early + EARLY_BYTES - (unsigned char *)memory);
            memcpy(moved, memory, size < rest ? size : rest);
        }
        return moved;
    }
    return real_realloc(memory, size);
}

void free(void *memory)
{
    if (memory != NULL && !is_early(memory) && real_free != NULL) {
        real_free(memory);
    }
}

/* ---- sockets ---- */

static bool is_socket(int descriptor)
{
    struct stat file;

    return fstat(descriptor, &file) == 0 && S_ISSOCK(file.st_mode);
}

/* The other side sees an end, as it would if the line had been cut. */
static bool is_cut(int descriptor, const void *caller)
{
    if (control == NULL || atomic_load(&control->kind) != SOCKET || !is_socket(descriptor) ||
        !fails(SOCKET, caller)) {
        return false;
    }
    (void)shutdown(descriptor, SHUT_RDWR);
    errno = (int)atomic_load(&control->error);
    return true;
}

#define REAL(name)                                                                                 \
    static __typeof__(&(name)) real;                                                               \
    if (real == NULL) {                                                                            \
        find(&real, #name);                                                                        \
    }

#define ON_A_SOCKET(result, name, parameters, arguments)                                           \
    result name parameters                                                                         \
    {                                                                                              \
        REAL(name)                                                                                 \
        return is_cut(descriptor, CALLER) ? -1 : real arguments;                                   \
    }

ON_A_SOCKET(ssize_t, read, (int descriptor, void *bytes, size_t size), (descriptor, bytes, size))
ON_A_SOCKET(ssize_t, write, (int descriptor, const void *bytes, size_t size),
            (descriptor, bytes, size))
ON_A_SOCKET(ssize_t, readv, (int descriptor, const struct iovec *parts, int count),
            (descriptor, parts, count))
ON_A_SOCKET(ssize_t, writev, (int descriptor, const struct iovec *parts, int count),
            (descriptor, parts, count))
ON_A_SOCKET(ssize_t, recv, (int descriptor, void *bytes, size_t size, int flags),
            (descriptor, bytes, size, flags))
ON_A_SOCKET(ssize_t, send, (int descriptor, const void *bytes, size_t size, int flags),
            (descriptor, bytes, size, flags))
ON_A_SOCKET(ssize_t, recvmsg, (int descriptor, struct msghdr *message, int flags),
            (descriptor, message, flags))
ON_A_SOCKET(ssize_t, sendmsg, (int descriptor, const struct msghdr *message, int flags),
            (descriptor, message, flags))

int connect(int descriptor, const struct sockaddr *address, socklen_t size)
{
    REAL(connect)
    return is_cut(descriptor, CALLER) ? -1 : real(descriptor, address, size);
}

int socket(int domain, int type, int protocol)
{
    REAL(socket)
    if (fails(SOCKET, CALLER)) {
        errno = EMFILE;
        return -1;
    }
    return real(domain, type, protocol);
}

/* ---- who does not look at what they got ---- */

#define CARELESS(name, parameters, arguments)                                                      \
    int name parameters                                                                            \
    {                                                                                              \
        REAL(name)                                                                                 \
        const bool outer = within_careless;                                                        \
        within_careless = true;                                                                    \
        const int result = real arguments;                                                         \
        within_careless = outer;                                                                   \
        return result;                                                                             \
    }

CARELESS(getpwuid_r,
         (uid_t user, struct passwd *entry, char *room, size_t size, struct passwd **found),
         (user, entry, room, size, found))
CARELESS(getaddrinfo,
         (const char *host, const char *service, const struct addrinfo *hints,
          struct addrinfo **found),
         (host, service, hints, found))
/* Of all that run here only AddressSanitizer calls it. */
CARELESS(pthread_getattr_np, (pthread_t thread, pthread_attr_t *attributes), (thread, attributes))

/* ---- the database ---- */

/* On what this thread was last told that it failed, and how. */
static _Thread_local const void *failed_on;

/* A connection that is said to be lost is. */
static bool is_refused(MYSQL *connection, const void *handle, const void *caller)
{
    failed_on = fails(DATABASE, caller) ? handle : NULL;
    if (failed_on != NULL && atomic_load(&control->error) == CR_SERVER_LOST) {
        (void)shutdown((int)mysql_get_socket(connection), SHUT_RDWR);
    }
    return failed_on != NULL;
}

#define ON_THE_DATABASE(result, failure, connection, name, parameters, arguments)                  \
    result name parameters                                                                         \
    {                                                                                              \
        REAL(name)                                                                                 \
        return is_refused(connection, handle, CALLER) ? (failure) : real arguments;                \
    }

ON_THE_DATABASE(int, 1, handle, mysql_query, (MYSQL * handle, const char *sql), (handle, sql))
ON_THE_DATABASE(int, 1, handle->mysql, mysql_stmt_prepare,
                (MYSQL_STMT * handle, const char *sql, unsigned long length), (handle, sql, length))
ON_THE_DATABASE(int, 1, handle->mysql, mysql_stmt_execute, (MYSQL_STMT * handle), (handle))
ON_THE_DATABASE(int, 1, handle->mysql, mysql_stmt_fetch, (MYSQL_STMT * handle), (handle))

MYSQL *mysql_real_connect(MYSQL *handle, const char *host, const char *user, const char *password,
                          const char *database, unsigned port, const char *path,
                          unsigned long flags)
{
    REAL(mysql_real_connect)
    if (is_refused(handle, handle, CALLER)) {
        return NULL;
    }
    const bool outer = within_careless;
    within_careless = true;
    MYSQL *const connected = real(handle, host, user, password, database, port, path, flags);
    within_careless = outer;
    return connected;
}

unsigned mysql_errno(MYSQL *handle)
{
    REAL(mysql_errno)
    return handle == failed_on ? (unsigned)atomic_load(&control->error) : real(handle);
}

const char *mysql_error(MYSQL *handle)
{
    REAL(mysql_error)
    return handle == failed_on ? "failed on purpose" : real(handle);
}

unsigned mysql_stmt_errno(MYSQL_STMT *handle)
{
    REAL(mysql_stmt_errno)
    return handle == failed_on ? (unsigned)atomic_load(&control->error) : real(handle);
}

const char *mysql_stmt_error(MYSQL_STMT *handle)
{
    REAL(mysql_stmt_error)
    return handle == failed_on ? "failed on purpose" : real(handle);
}
