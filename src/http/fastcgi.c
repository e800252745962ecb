/* SPDX-License-Identifier: MIT */
#include "http/fastcgi.h"

#include "base/clock.h"
#include "http/supervisor.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
    STALL_SECONDS = 30, /* a peer that stops in the middle of a record is given up */
    MOST_UNREAD = 16 * 1024 * 1024,
    FOR_EVER = -1,
    ENDING_MS = 500, /* for what was under way to us when we were told to end */
};

/* What the threads share. */
struct front {
    int epoll;
    int listener;
    int stop;  /* an eventfd: readable once we are to end */
    int pulse; /* a timer: whichever thread is free tells the supervisor that we live; -1: none */
    const struct service *service;
    atomic_int serving; /* threads that have not ended */
    atomic_int silent;  /* connections on which nothing has come yet */
};

struct fastcgi_gateway {
    struct gateway gateway; /* first: the service sees only this */
    FCGX_Request request;
    struct server *server;
    int connection;
    bool is_taken; /* a request has come by it, and its answer is not whole */
};

/* One thread. */
struct server {
    struct front *front;
    void *worker;
    struct fastcgi_gateway gateways[MOST_AT_ONCE];
    size_t taken; /* of them */
    int patience_ms;
};

static void block(sigset_t *signals)
{
    (void)sigemptyset(signals);
    (void)sigaddset(signals, SIGTERM);
    (void)sigaddset(signals, SIGINT);
}

void fastcgi_block_signals(void)
{
    sigset_t signals;

    block(&signals);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGTERM, SIG_DFL); /* whoever started us may have had it ignored until now */
    (void)signal(SIGPIPE, SIG_IGN);
}

static const char *get_variable(struct gateway *gateway, const char *name)
{
    struct fastcgi_gateway *self = (struct fastcgi_gateway *)gateway;

    return FCGX_GetParam(name, self->request.envp);
}

static size_t read_body(struct gateway *gateway, char *bytes, size_t size)
{
    struct fastcgi_gateway *self = (struct fastcgi_gateway *)gateway;
    const int got = FCGX_GetStr(bytes, (int)size, self->request.in);

    return got < 0 ? 0 : (size_t)got;
}

static bool write_answer(struct gateway *gateway, const char *bytes, size_t length)
{
    struct fastcgi_gateway *self = (struct fastcgi_gateway *)gateway;

    return FCGX_PutStr(bytes, (int)length, self->request.out) == (int)length;
}

/* Beside the descriptor, in what epoll keeps for us: nothing has come on it yet. */
static const uint64_t SILENT = UINT64_C(1) << 32;

/* Wait for this descriptor again, and for its end. One shot: only one thread ever gets it. */
static bool park(const struct front *front, int descriptor, int operation)
{
    const bool is_new =
        operation == EPOLL_CTL_ADD && descriptor != front->listener && descriptor != front->pulse;
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT,
                                .data.u64 = (uint64_t)descriptor | (is_new ? SILENT : 0)};

    return epoll_ctl(front->epoll, operation, descriptor, &event) == 0;
}

static void accept_connections(struct front *front)
{
    const struct timeval patience = {.tv_sec = STALL_SECONDS};
    int connection;

    while ((connection = accept4(front->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        (void)setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        (void)setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
        atomic_fetch_add(&front->silent, 1);
        if (!park(front, connection, EPOLL_CTL_ADD)) {
            atomic_fetch_sub(&front->silent, 1);
            (void)close(connection);
        }
    }
    if (errno == EMFILE || errno == ENFILE) {
        (void)usleep(10000); /* no descriptor free: let a request end before looking again */
    }
    (void)park(front, front->listener, EPOLL_CTL_MOD);
}

/* What the service did not read would be taken for the next request. */
static void drain(FCGX_Request *request)
{
    char unread[4096];
    size_t total = 0;
    int got;

    while ((got = FCGX_GetStr(unread, sizeof(unread), request->in)) > 0) {
        total += (size_t)got;
        if (total > MOST_UNREAD) {
            request->keepConnection = 0;
            return;
        }
    }
}

/* Whether the other side has closed it, and has sent nothing more before. */
static bool has_ended(int connection)
{
    char byte;

    return recv(connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void end_request(struct gateway *gateway)
{
    struct fastcgi_gateway *self = (struct fastcgi_gateway *)gateway;

    drain(&self->request);
    FCGX_Finish_r(&self->request);
    if (self->request.ipcFd >= 0) {
        self->request.ipcFd = -1;
        if (!park(self->server->front, self->connection, EPOLL_CTL_MOD)) {
            (void)close(self->connection);
        }
    }
    self->is_taken = false;
    self->server->taken--;
}

/* Whether all variables of a request are there, up to the empty record at their end: reading them
 * waits for nobody then. */
static bool has_come(int connection)
{
    unsigned char bytes[8192];
    const ssize_t got = recv(connection, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);
    ssize_t at = 0;

    while (at + FCGI_HEADER_LEN <= got) {
        const unsigned char *header = &bytes[at];
        const int length = header[4] << 8 | header[5];
        if (header[1] == FCGI_PARAMS && length == 0) {
            return true;
        }
        at += FCGI_HEADER_LEN + length + header[6];
    }
    return false;
}

/* Answer what the service holds back, then do what nobody should wait for. */
static void finish(struct server *server)
{
    const struct service *service = server->front->service;

    if (server->taken > 0) {
        service->finish(server->worker);
    }
    if (service->after != NULL) {
        service->after(server->worker);
    }
}

static struct fastcgi_gateway *free_gateway(struct server *server)
{
    struct fastcgi_gateway *gateway = server->gateways;

    while (gateway->is_taken) {
        gateway++;
    }
    return gateway;
}

/* The first request that is not held back ends the waiting of all. */
static void serve_connection(struct server *server, int connection)
{
    if (server->taken > 0 && !has_come(connection)) {
        finish(server);
    }
    struct fastcgi_gateway *gateway = free_gateway(server);
    FCGX_Request *request = &gateway->request;

    /* The library reads from a connection that is open already instead of accepting one. Where
     * that goes wrong it closes it and tries to accept, which fails at once: it has no listener. */
    request->ipcFd = connection;
    request->keepConnection = 1;
    if (FCGX_Accept_r(request) < 0) {
        return;
    }
    gateway->connection = connection;
    gateway->is_taken = true;
    server->taken++;
    server->front->service->serve(server->worker, &gateway->gateway);
    if (!gateway->is_taken || server->taken == MOST_AT_ONCE) {
        finish(server);
    }
}

/* One shot as well: a program whose threads all hang says nothing. */
static void beat(const struct front *front)
{
    uint64_t times;

    if (read(front->pulse, &times, sizeof(times)) > 0) {
        supervisor_tell("WATCHDOG=1");
    }
    (void)park(front, front->pulse, EPOLL_CTL_MOD);
}

static int patience_ms(const struct service *service)
{
    return service->rest != NULL && service->rest_after_ms > 0 ? (int)service->rest_after_ms
                                                               : FOR_EVER;
}

/* Told to end, a thread first serves what has reached us: a web server that had sent a request
 * would have to call it lost. Descriptors that are ready come in turn, so when the order to end
 * comes twice without another in between, nothing waits. A connection is made a moment before the
 * request comes on it. */
struct ending {
    bool quiet; /* nothing came since the order was seen last */
    int64_t until_ms;
};

static bool may_end(struct ending *ending, struct front *front)
{
    const int64_t now_ms = clock_monotonic_ms();

    if (ending->until_ms == 0) {
        ending->until_ms = now_ms + ENDING_MS;
    }
    if (now_ms >= ending->until_ms) {
        return true;
    }
    if (atomic_load(&front->silent) > 0) {
        (void)usleep(1000);
        return false;
    }
    const bool may = ending->quiet;
    ending->quiet = true;
    return may;
}

/* The last thread closes the socket at once: from then on a web server is refused, and asks another
 * process. What it sent while we put things away would be lost. */
static void leave(struct front *front)
{
    if (atomic_fetch_sub(&front->serving, 1) == 1) {
        (void)close(front->listener);
    }
}

static void open_server(struct server *server, struct front *front)
{
    *server = (struct server){
        .front = front,
        .worker = front->service->open(front->service->context),
        .patience_ms = patience_ms(front->service),
    };
    for (size_t i = 0; i < MOST_AT_ONCE; i++) {
        struct fastcgi_gateway *gateway = &server->gateways[i];
        gateway->gateway = (struct gateway){get_variable, read_body, write_answer, end_request};
        gateway->server = server;
        (void)FCGX_InitRequest(&gateway->request, -1, FCGI_FAIL_ACCEPT_ON_INTR);
    }
}

static void close_server(struct server *server)
{
    for (size_t i = 0; i < MOST_AT_ONCE; i++) {
        FCGX_Free(&server->gateways[i].request, 1);
    }
    server->front->service->close(server->worker);
}

static int descriptor_of(const struct epoll_event *event)
{
    return (int)(event->data.u64 & ~SILENT);
}

/* Something came, and not the order to end. */
static void deal_with(const struct epoll_event *event, struct server *server)
{
    struct front *front = server->front;
    const int descriptor = descriptor_of(event);

    if ((event->data.u64 & SILENT) != 0) {
        atomic_fetch_sub(&front->silent, 1);
    }
    if (descriptor == front->pulse) {
        beat(front);
    } else if (descriptor == front->listener) {
        if (server->taken > 0) {
            finish(server); /* accepting may wait for descriptors */
        }
        accept_connections(front);
    } else if ((event->events & EPOLLRDHUP) != 0 && has_ended(descriptor)) {
        (void)close(descriptor);
    } else {
        serve_connection(server, descriptor);
        server->patience_ms = patience_ms(front->service);
    }
}

/* While requests are held back, it only looks whether more are there. */
static void *serve_until_stopped(void *argument)
{
    struct front *front = argument;
    struct server server;
    struct epoll_event event;
    struct ending ending = {.quiet = false};

    open_server(&server, front);
    for (;;) {
        const int ready =
            epoll_wait(front->epoll, &event, 1, server.taken > 0 ? 0 : server.patience_ms);
        if (ready == 1 && descriptor_of(&event) != front->stop) {
            ending.quiet = false;
            deal_with(&event, &server);
        } else if (server.taken > 0) {
            finish(&server);
        } else if (ready == 1) {
            if (may_end(&ending, front)) {
                break;
            }
        } else if (ready == 0) {
            front->service->rest(server.worker);
            server.patience_ms = FOR_EVER;
        }
    }
    leave(front);
    close_server(&server);
    return NULL;
}

static void wait_for_signal(void)
{
    sigset_t signals;
    int received;

    block(&signals);
    while (sigwait(&signals, &received) != 0) {
    }
}

/* Starts the threads; how many it could start. */
static int64_t start(pthread_t *threads, int64_t count, struct front *front)
{
    int64_t started = 0;

    while (started < count) {
        atomic_fetch_add(&front->serving, 1);
        if (pthread_create(&threads[started], NULL, serve_until_stopped, front) != 0) {
            atomic_fetch_sub(&front->serving, 1);
            break;
        }
        started++;
    }
    return started;
}

/* Each kept connection is an open file, and each worker of nginx may keep 64: as many as the host
 * allows, then. What is set for programs that do not ask is 1024. */
static void allow_many_connections(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
}

/* Twice as often as the supervisor wants to hear of us. */
static bool open_pulse(struct front *front)
{
    const int64_t every_ms = supervisor_patience_ms() / 2;
    const struct timespec every = {.tv_sec = every_ms / 1000, .tv_nsec = every_ms % 1000 * 1000000};
    const struct itimerspec timer = {.it_interval = every, .it_value = every};

    front->pulse = -1;
    if (every_ms == 0) {
        return true;
    }
    front->pulse = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    return front->pulse >= 0 && timerfd_settime(front->pulse, 0, &timer, NULL) == 0 &&
           park(front, front->pulse, EPOLL_CTL_ADD);
}

static bool open_front(struct front *front)
{
    struct epoll_event stop = {.events = EPOLLIN};

    front->epoll = epoll_create1(EPOLL_CLOEXEC);
    front->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    stop.data.u64 = (uint64_t)front->stop;
    return front->epoll >= 0 && front->stop >= 0 &&
           epoll_ctl(front->epoll, EPOLL_CTL_ADD, front->stop, &stop) == 0 &&
           park(front, front->listener, EPOLL_CTL_ADD) && open_pulse(front);
}

bool fastcgi_run(int listener, int64_t threads, const struct service *service)
{
    struct front front = {.listener = listener, .service = service};
    pthread_t *started = calloc((size_t)threads, sizeof(*started));
    const int flags = fcntl(listener, F_GETFL);
    bool begun = false;

    /* How long the library waits for a peer that closes late; its default is 2 s. */
    (void)setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "100", 1);
    allow_many_connections();
    if (started != NULL && flags >= 0 && fcntl(listener, F_SETFL, flags | O_NONBLOCK) == 0 &&
        FCGX_Init() == 0 && open_front(&front)) {
        const int64_t count = start(started, threads, &front);
        begun = count > 0;
        if (begun) {
            supervisor_tell("READY=1");
            wait_for_signal();
            supervisor_tell("STOPPING=1");
        }
        (void)eventfd_write(front.stop, 1);
        for (int64_t i = 0; i < count; i++) {
            (void)pthread_join(started[i], NULL);
        }
    }
    free(started);
    return begun;
}
