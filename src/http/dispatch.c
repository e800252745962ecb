/* SPDX-License-Identifier: MIT */
#include "http/dispatch.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "base/work.h"
#include "db/db.h"
#include "db/lookup.h"
#include "http/authenticate.h"
#include "http/deed.h"
#include "http/idempotency.h"
#include "http/problem.h"
#include "http/request.h"
#include "http/together.h"
#include "notify/deliver.h"
#include "store/count.h"

#include <string.h>

enum { REQUEST_ID_MAX = 64 };

/* A request that is being served. */
struct exchange {
    struct work work;
    struct request request;
    int64_t began_ms;
    struct db_wanted wanted; /* the row that it waits for */
};

/* What one thread keeps from request to request. */
struct worker {
    struct arena *home; /* holds the worker itself */
    const struct application *application;
    struct arena *arena; /* for those that are served: mostly one */
    struct db *db;
    struct exchange *waiting[MOST_AT_ONCE]; /* for rows that they look up */
    size_t waiting_count;
    unsigned to_count; /* by those that were served last, see struct work */
};

static void *worker_open(const void *context)
{
    const struct application *application = context;
    struct arena *home = arena_new();
    struct worker *worker = arena_alloc(home, sizeof(*worker));

    *worker = (struct worker){
        .home = home,
        .application = application,
        .arena = arena_new(),
        .db = db_new(application->settings),
    };
    return worker;
}

static void worker_close(void *argument)
{
    struct worker *worker = argument;

    db_free(worker->db);
    arena_free(worker->arena);
    arena_free(worker->home);
}

static bool is_request_id(const char *text)
{
    const size_t length = strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.");
    return length > 0 && length <= REQUEST_ID_MAX && text[length] == '\0';
}

/* The caller's own, when it is one that can be trusted in headers and logs. */
static const char *request_id(struct arena *arena, struct gateway *gateway)
{
    const char *given = gateway->variable(gateway, "HTTP_X_REQUEST_ID");

    return given != NULL && is_request_id(given) ? arena_text(arena, given)
                                                 : id_new_long(arena, "");
}

static enum outcome run_handler(struct request *request)
{
    struct work *work = request->work;
    const struct fault *faults = request->input_faults;

    for (; faults != NULL; faults = faults->next) {
        fault(work, faults->field, "%s", faults->message);
    }
    if (request->route->check != NULL) {
        TRY(request->route->check(request));
    }
    TRY(work_verdict(work));
    return request->route->handle(request);
}

/* The handler, inside the transaction in which its key is taken and its answer kept. */
static enum outcome run_unit(struct work *work, void *context)
{
    struct request *request = context;

    (void)work;
    if (request->route->unit == READING) {
        return run_handler(request);
    }
    if (request->idempotency_key == NULL) {
        TRY(run_handler(request));
        return deed_record(request);
    }
    TRY(idempotency_begin(request));
    if (request->replayed) {
        return OK;
    }
    TRY(run_handler(request));
    TRY(deed_record(request));
    return idempotency_end(request, request->finish == NULL);
}

static enum outcome take_key(struct work *work, void *context)
{
    (void)work;
    return idempotency_begin(context);
}

static enum outcome keep_answer(struct work *work, void *context)
{
    (void)work;
    return idempotency_end(context, true);
}

static enum outcome give_key_up(struct work *work, void *context)
{
    (void)work;
    return idempotency_give_up(context);
}

/* A handler that begins its own transactions: its key is taken before them. What it enqueued and
 * why it failed must outlive the transactions that follow. */
static enum outcome run_without_unit(struct request *request)
{
    struct work *work = request->work;

    if (request->idempotency_key == NULL) {
        return run_handler(request);
    }
    TRY(db_unit(work, take_key, request));
    if (request->replayed) {
        return OK;
    }
    const enum outcome outcome = run_handler(request);
    const struct work after = *work;
    if (db_unit(work, outcome == OK ? keep_answer : give_key_up, request) != OK) {
        log_event(LOG_LEVEL_WARNING, "idempotency", LOG_TEXT("request_id", work->request_id),
                  LOG_TEXT("says", work->failure.sentence));
    }
    work->failure = after.failure;
    work->enqueued = after.enqueued;
    return outcome;
}

static enum outcome handle(struct request *request)
{
    switch (request->route->unit) {
    case READING:
        return db_reading(request->work, run_unit, request);
    case WRITING:
        return request->route->together != NULL ? together_run(request, run_unit)
                                                : db_unit(request->work, run_unit, request);
    case NO_UNIT:
        break;
    }
    return run_without_unit(request);
}

/* Faults of single fields do not end the request where the route can find more of them: all are
 * told at once. */
static enum outcome read_input(struct request *request)
{
    const enum outcome outcome = request_read_input(request);

    if (outcome != INVALID || request->route->check == NULL) {
        return outcome;
    }
    request->input_faults = request->work->failure.faults;
    return OK;
}

/* It ends with the first failure, or when all is ready for the handler. */
static enum outcome prepare(const struct application *application, struct request *request)
{
    const char *method;

    TRY(request_open(request));
    method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;
    TRY(route_find(&request->route, &request->values, &request->response.allow, request->work,
                   application->routes, application->route_count, method, request->path));
    request->work->deed = deed_name(request);
    TRY(authenticate(request, application->keys));
    TRY(idempotency_open(request));
    return read_input(request);
}

static void answer_options(struct request *request)
{
    request->response = (struct response){.status = 204, .allow = request->response.allow};
}

static void add_header(struct text *out, const char *name, const char *value)
{
    if (value != NULL) {
        text_add(out, name);
        text_add(out, ": ");
        text_add(out, value);
        text_add(out, "\r\n");
    }
}

static void add_number(struct text *out, const char *name, int64_t value)
{
    text_add(out, name);
    text_add(out, ": ");
    text_add_int(out, value);
    text_add(out, "\r\n");
}

static void write_response(struct request *request)
{
    const struct response *response = &request->response;
    const size_t length = response->body != NULL ? strlen(response->body) : 0;
    struct text out = text_in(request->work->arena);

    add_number(&out, "Status", response->status);
    if (response->body != NULL) {
        add_header(&out, "Content-Type", response->type);
        add_number(&out, "Content-Length", (int64_t)length);
    }
    add_header(&out, "Location", response->location);
    add_header(&out, "Link", response->link);
    add_header(&out, "ETag", response->etag);
    add_header(&out, "Allow", response->allow);
    add_header(&out, "WWW-Authenticate", response->authenticate);
    add_header(&out, "Idempotency-Replayed", request->replayed ? "true" : NULL);
    if (response->retry_after > 0) {
        add_number(&out, "Retry-After", response->retry_after);
    }
    add_header(&out, "X-Request-Id", request->work->request_id);
    text_add(&out, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n");
    if (response->body != NULL && strcmp(request->method, "HEAD") != 0) {
        text_add_bytes(&out, response->body, length);
    }
    /* When the other side is gone there is nobody left to tell. */
    (void)request->gateway->write(request->gateway, text_done(&out), out.length);
}

static void log_request(const struct request *request, int64_t began_ms)
{
    log_event(LOG_LEVEL_INFO, "request", LOG_TEXT("request_id", request->work->request_id),
              LOG_TEXT("method", request->method), LOG_TEXT("path", request->path),
              LOG_INT("status", request->response.status),
              LOG_INT("ms", clock_monotonic_ms() - began_ms));
}

static enum outcome tell(struct work *work, void *context)
{
    struct request *request = context;

    (void)work;
    TRY(request->finish(request));
    return request->idempotency_key != NULL ? idempotency_end(request, true) : OK;
}

/* After the commit: deliver the request's own messages, then say what became of them. */
static void deliver(const struct worker *worker, struct request *request)
{
    struct work *work = request->work;

    if (request->replayed) {
        return;
    }
    deliver_enqueued(work, worker->application->pool);
    if (request->finish == NULL) {
        return;
    }
    const struct response before = request->response;
    if (db_unit(work, tell, request) != OK) {
        request->response = before; /* the messages are queued: that is still true */
    }
}

static void complete(struct worker *worker, struct exchange *exchange, enum outcome outcome)
{
    struct request *request = &exchange->request;

    if (outcome == NOT_ALLOWED && strcmp(request->method, "OPTIONS") == 0) {
        answer_options(request);
    } else if (outcome != OK) {
        problem_reply(request, outcome);
    } else {
        deliver(worker, request);
    }
    write_response(request);
    log_request(request, exchange->began_ms);
    worker->to_count |= exchange->work.to_count;
    request->gateway->end(request->gateway);
}

static void wait_for_row(struct worker *worker, struct exchange *exchange)
{
    worker->waiting[worker->waiting_count++] = exchange;
}

/* Asks for all the rows at once. The handlers run again then, and most find all they need. */
static void go_on(struct worker *worker)
{
    struct exchange *waited[MOST_AT_ONCE];
    struct db_wanted *wanted[MOST_AT_ONCE] = {NULL};
    const size_t count = worker->waiting_count;

    worker->waiting_count = 0;
    for (size_t i = 0; i < count; i++) {
        waited[i] = worker->waiting[i];
        wanted[i] = &waited[i]->wanted;
    }
    db_ask(wanted, count);
    for (size_t i = 0; i < count; i++) {
        const enum outcome outcome = handle(&waited[i]->request);
        if (outcome == AWAITED) {
            wait_for_row(worker, waited[i]);
        } else {
            complete(worker, waited[i], outcome);
        }
    }
}

static void answer_waiting(struct worker *worker)
{
    while (worker->waiting_count > 0) {
        go_on(worker);
    }
}

static void finish(void *argument)
{
    struct worker *worker = argument;

    answer_waiting(worker);
    arena_reset(worker->arena);
}

/* Whether it looks for rows by their ids, mostly. Others wait for it, and it for them. */
static bool can_wait(const struct route *route)
{
    return route->unit == READING && route_is_by_id(route);
}

/* No request waits for a long one. */
static enum outcome handle_in_turn(struct worker *worker, struct exchange *exchange)
{
    if (can_wait(exchange->request.route)) {
        exchange->work.wanted = &exchange->wanted;
    } else {
        answer_waiting(worker);
    }
    if (worker->waiting_count == 0) {
        db_ask_once(worker->db);
    }
    return handle(&exchange->request);
}

static void serve(void *argument, struct gateway *gateway)
{
    struct worker *worker = argument;
    struct exchange *exchange = arena_alloc(worker->arena, sizeof(*exchange));
    struct request *request = &exchange->request;

    exchange->began_ms = clock_monotonic_ms();
    exchange->work = (struct work){
        .arena = worker->arena,
        .db = worker->db,
        .settings = worker->application->settings,
        .now = clock_now(),
        .request_id = request_id(worker->arena, gateway),
    };
    *request =
        (struct request){.work = &exchange->work, .gateway = gateway, .method = "-", .path = "-"};

    enum outcome outcome = prepare(worker->application, request);
    if (outcome == OK) {
        outcome = handle_in_turn(worker, exchange);
    }
    if (outcome == AWAITED) {
        wait_for_row(worker, exchange);
        return;
    }
    complete(worker, exchange, outcome);
    if (worker->waiting_count == 0) {
        arena_reset(worker->arena);
    }
}

static void after(void *argument)
{
    struct worker *worker = argument;
    struct work work = {
        .arena = worker->arena,
        .db = worker->db,
        .settings = worker->application->settings,
        .now = clock_now(),
        .to_count = worker->to_count,
    };

    count_fold_due(&work);
    worker->to_count = 0;
}

static void rest(void *argument)
{
    const struct worker *worker = argument;

    db_rest(worker->db);
}

struct service dispatch_service(const struct application *application)
{
    return (struct service){
        .open = worker_open,
        .serve = serve,
        .finish = finish,
        .after = after,
        .rest = rest,
        .rest_after_ms = application->settings->database.idle * MS_PER_SECOND,
        .close = worker_close,
        .context = application,
    };
}
