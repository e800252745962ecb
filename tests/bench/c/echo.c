/* SPDX-License-Identifier: MIT */
/* A FastCGI program that does nothing: our own front (http/fastcgi) and a constant answer, as long
 * as a certification. What is left of a request when there is no work in it.
 *
 *     echo SOCKET THREADS
 */
#include "http/fastcgi.h"
#include "http/listener.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char answer[] =
    "Content-Type: application/json\r\n"
    "Content-Length: 237\r\n"
    "\r\n"
    "{\"certification_id\":\"cert_0000000001\",\"mentor_id\":\"mntr_0000001\",\"certification_"
    "type\":"
    "\"first_aid\",\"issued_at\":\"2024-01-01T00:00:00.000Z\",\"expires_at\":\"2030-01-01T00:00:00."
    "000Z\",\"status\":\"valid\",\"auto_pause_applied\":false,\"x\":\"constant\"}\n";

static void *open_worker(const void *context)
{
    (void)context;
    return NULL;
}

static void serve(void *worker, struct gateway *gateway)
{
    (void)worker;
    (void)gateway->write(gateway, answer, strlen(answer));
    gateway->end(gateway);
}

static void close_worker(void *worker)
{
    (void)worker;
}

int main(int argc, char **argv)
{
    static const struct service service = {
        .open = open_worker, .serve = serve, .close = close_worker};
    const long threads = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

    if (threads < 1) {
        (void)fputs("usage: echo SOCKET THREADS\n", stderr);
        return EXIT_FAILURE;
    }
    fastcgi_block_signals();
    const int listener = listener_open(argv[1]);
    if (listener < 0 || !fastcgi_run(listener, threads, &service)) {
        perror("echo");
        return EXIT_FAILURE;
    }
    (void)unlink(argv[1]);
    return EXIT_SUCCESS;
}
