/* SPDX-License-Identifier: MIT */
/* Whatever variables and body a web server passes on, in whatever pieces, http/fastcgi.h hands over
 * just these, and a request that is cut off harms nobody: the next one is served. The input: a byte
 * that says into how long pieces, two that say after how many bytes it is cut off (0: not at all),
 * then names and values that end with NUL, an empty name, and the body.
 *
 * The records around these are well formed. libfcgi believes the lengths that stand in them, so
 * whoever may write to the socket must be trusted (SECURITY.md). */
#include "base/text.h"
#include "fuzz.h"
#include "http/fastcgi.h"
#include "http/listener.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    HEADER = 8,
    FORMAT = 1,
    BEGIN_REQUEST = 1,
    END_REQUEST = 3,
    PARAMS = 4,
    STDIN = 5,
    STDOUT = 6,
    REQUEST_ID = 1,
    LONG_LENGTH = 128,
    VARIABLES_MAX = 32,
};

#define ANSWER "Status: 200\r\n\r\nfine"

/* What is passed on. */
struct variable {
    const char *name;
    const char *value;
};

struct passed {
    struct variable variables[VARIABLES_MAX];
    size_t count;
    const uint8_t *body;
    size_t body_length;
};

static struct sockaddr_un address = {.sun_family = AF_UNIX};

/* What the service must see; nothing: the request is cut off. Written before the request is sent.
 */
static const struct passed *expected;

/* ---- the service ------------------------------------------------------------------------------
 */

static void *open_nothing(const void *context)
{
    (void)context;
    return NULL;
}

static void close_nothing(void *worker)
{
    (void)worker;
}

/* Given twice, the first counts. */
static const char *value_of(const struct passed *passed, const char *name)
{
    for (size_t i = 0; i < passed->count; i++) {
        if (strcmp(passed->variables[i].name, name) == 0) {
            return passed->variables[i].value;
        }
    }
    return NULL;
}

static void check_variables(struct gateway *gateway)
{
    for (size_t i = 0; i < expected->count; i++) {
        const char *name = expected->variables[i].name;
        const char *value = gateway->variable(gateway, name);
        MUST(value != NULL && strcmp(value, value_of(expected, name)) == 0);
    }
    MUST(gateway->variable(gateway, "NOT_PASSED_ON") == NULL);
}

static void check_body(struct gateway *gateway)
{
    char bytes[64];
    size_t all = 0;
    size_t length;

    while ((length = gateway->read(gateway, bytes, sizeof(bytes))) > 0) {
        MUST(length <= sizeof(bytes) && all + length <= expected->body_length);
        MUST(memcmp(bytes, expected->body + all, length) == 0);
        all += length;
    }
    MUST(all == expected->body_length);
}

static void serve(void *worker, struct gateway *gateway)
{
    (void)worker;
    if (expected != NULL) {
        check_variables(gateway);
        check_body(gateway);
    }
    (void)gateway->write(gateway, ANSWER, strlen(ANSWER));
    gateway->end(gateway);
}

static void *run(void *listener)
{
    static const struct service service = {
        .open = open_nothing, .serve = serve, .close = close_nothing};

    MUST(fastcgi_run(*(const int *)listener, 1, &service));
    return NULL;
}

static void remove_socket(void)
{
    (void)unlink(address.sun_path);
}

/* libFuzzer's clock interrupts whatever waits; that of the worker is not to be. */
static void begin(void)
{
    static int listener = -1;
    sigset_t clock;
    pthread_t thread;

    if (listener >= 0) {
        return;
    }
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/fuzz_fastcgi.%ld",
                   (long)getpid());
    fastcgi_block_signals();
    listener = listener_open(address.sun_path);
    MUST(listener >= 0 && atexit(remove_socket) == 0);
    (void)sigemptyset(&clock);
    (void)sigaddset(&clock, SIGALRM);
    (void)pthread_sigmask(SIG_BLOCK, &clock, NULL);
    MUST(pthread_create(&thread, NULL, run, &listener) == 0);
    (void)pthread_sigmask(SIG_UNBLOCK, &clock, NULL);
}

/* ---- the web server ---------------------------------------------------------------------------
 */

static void add_byte(struct text *out, size_t byte)
{
    const char added = (char)(byte & UINT8_MAX);

    text_add_bytes(out, &added, 1);
}

/* With odd padding, but where libfcgi expects none and no web server gives any. */
static void add_record(struct text *out, unsigned type, const void *content, size_t length)
{
    const size_t padding = type == BEGIN_REQUEST ? 0 : length % 5;

    add_byte(out, FORMAT);
    add_byte(out, type);
    add_byte(out, REQUEST_ID >> 8);
    add_byte(out, REQUEST_ID);
    add_byte(out, length >> 8);
    add_byte(out, length);
    add_byte(out, padding);
    add_byte(out, 0);
    text_add_bytes(out, content, length);
    text_add_bytes(out, "\0\0\0\0", padding);
}

/* A stream in pieces, and its end. */
static void add_stream(struct text *out, unsigned type, const void *content, size_t length,
                       size_t piece)
{
    const char *at = content;

    while (length > 0) {
        const size_t taken = length < piece ? length : piece;
        add_record(out, type, at, taken);
        at += taken;
        length -= taken;
    }
    add_record(out, type, "", 0);
}

static void add_length(struct text *out, size_t length)
{
    if (length < LONG_LENGTH) {
        add_byte(out, length);
    } else {
        add_byte(out, length >> 24 | LONG_LENGTH);
        add_byte(out, length >> 16);
        add_byte(out, length >> 8);
        add_byte(out, length);
    }
}

static void add_request(struct text *out, const struct passed *passed, size_t piece)
{
    static const char responder_on_a_kept_connection[] = {0, 1, 1, 0, 0, 0, 0, 0};
    struct text variables = text_in(out->arena);

    add_record(out, BEGIN_REQUEST, responder_on_a_kept_connection,
               sizeof(responder_on_a_kept_connection));
    for (size_t i = 0; i < passed->count; i++) {
        add_length(&variables, strlen(passed->variables[i].name));
        add_length(&variables, strlen(passed->variables[i].value));
        text_add(&variables, passed->variables[i].name);
        text_add(&variables, passed->variables[i].value);
    }
    add_stream(out, PARAMS, variables.bytes, variables.length, piece);
    add_stream(out, STDIN, passed->body, passed->body_length, piece);
}

static int connect_to_it(void)
{
    const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    MUST(connection >= 0);
    MUST(connect(connection, (const struct sockaddr *)&address, sizeof(address)) == 0);
    return connection;
}

/* False: it closed the connection before. */
static bool read_fully(int connection, void *to, size_t length)
{
    char *at = to;

    while (length > 0) {
        const ssize_t got = TEMP_FAILURE_RETRY(read(connection, at, length));
        if (got <= 0) {
            return false;
        }
        at += got;
        length -= (size_t)got;
    }
    return true;
}

/* The type of a record; its content is in `content`. 0: the connection was closed. */
static unsigned read_record(int connection, char content[UINT16_MAX + 1])
{
    uint8_t header[HEADER];
    char padding[UINT8_MAX];

    if (!read_fully(connection, header, sizeof(header))) {
        return 0;
    }
    const size_t length = (size_t)header[4] << 8 | header[5];
    MUST(header[0] == FORMAT);
    MUST(read_fully(connection, content, length));
    MUST(read_fully(connection, padding, header[6]));
    content[length] = '\0';
    return header[1];
}

static void send_all(int connection, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t sent = TEMP_FAILURE_RETRY(send(connection, bytes, length, MSG_NOSIGNAL));
        MUST(sent > 0);
        bytes += sent;
        length -= (size_t)sent;
    }
}

static void say_and_hang_up(const char *bytes, size_t length)
{
    static char content[UINT16_MAX + 1];
    const int connection = connect_to_it();

    expected = NULL;
    send_all(connection, bytes, length);
    MUST(shutdown(connection, SHUT_WR) == 0);
    while (read_record(connection, content) != 0) {
    }
    MUST(close(connection) == 0);
}

static void ask(const struct text *request, const struct passed *passed)
{
    static char content[UINT16_MAX + 1];
    const int connection = connect_to_it();

    expected = passed;
    send_all(connection, request->bytes, request->length);
    MUST(read_record(connection, content) == STDOUT && strcmp(content, ANSWER) == 0);
    while (read_record(connection, content) != END_REQUEST) {
    }
    MUST(close(connection) == 0);
}

/* libfcgi keeps them as NAME=VALUE, and has one of its own. */
static bool can_be_passed(const char *name)
{
    return strchr(name, '=') == NULL && strcmp(name, "FCGI_ROLE") != 0 &&
           strcmp(name, "NOT_PASSED_ON") != 0;
}

static struct passed take_passed(struct input *input, struct arena *arena)
{
    struct passed passed = {.count = 0};

    while (passed.count < VARIABLES_MAX) {
        struct variable *next = &passed.variables[passed.count];
        next->name = input_text(input, arena, input->length);
        if (next->name[0] == '\0') {
            break;
        }
        next->value = input_text(input, arena, input->length);
        passed.count += can_be_passed(next->name);
    }
    passed.body = input->at;
    passed.body_length = input->length;
    return passed;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {bytes, length};
    struct arena *arena = arena_new();
    struct text request = text_in(arena);
    const size_t piece = input_byte(&input) + 1;
    const size_t cut = (size_t)input_byte(&input) << 8 | input_byte(&input);
    const struct passed passed = take_passed(&input, arena);

    begin();
    add_request(&request, &passed, piece);
    if (cut > 0 && cut < request.length) {
        say_and_hang_up(request.bytes, cut);
    }
    ask(&request, &passed);
    arena_free(arena);
    return 0;
}
