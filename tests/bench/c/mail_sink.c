/* SPDX-License-Identifier: MIT */
/* A mail server that takes everything and keeps nothing: a thread for each connection, up to 64.
 * Prints its port, and how many messages it took when its standard input ends.
 *
 *     mail_sink [MILLISECONDS-BEFORE-EACH-REPLY]
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { THREADS = 64 };

static int listener;
static atomic_long taken;
static useconds_t delay;

static bool reply(int client, const char *line)
{
    const size_t length = strlen(line);

    if (delay > 0) {
        (void)usleep(delay);
    }
    return send(client, line, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static bool begins(const char *line, const char *verb)
{
    return strncasecmp(line, verb, strlen(verb)) == 0;
}

/* Reads on until the line with the single dot. */
static bool take_text(FILE *from, int client)
{
    char *line = NULL;
    size_t size = 0;
    bool ended = false;

    while (!ended && getline(&line, &size, from) > 0) {
        ended = strcmp(line, ".\r\n") == 0;
    }
    free(line);
    if (ended) {
        (void)atomic_fetch_add(&taken, 1);
    }
    return ended && reply(client, "250 taken\r\n");
}

static bool answer(FILE *from, int client, const char *line)
{
    if (begins(line, "DATA")) {
        return reply(client, "354 go on\r\n") && take_text(from, client);
    }
    if (begins(line, "EHLO")) {
        return reply(client, "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n");
    }
    if (begins(line, "QUIT")) {
        (void)reply(client, "221 bye\r\n");
        return false;
    }
    return reply(client, "250 good\r\n");
}

static void serve(int client)
{
    const int on = 1;
    FILE *from = fdopen(client, "r");
    char line[1024];

    if (from == NULL) {
        (void)close(client);
        return;
    }
    (void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (reply(client, "220 sink\r\n")) {
        while (fgets(line, sizeof(line), from) != NULL && answer(from, client, line)) {
        }
    }
    (void)fclose(from);
}

static void *serve_all(void *context)
{
    (void)context;
    for (int client = accept(listener, NULL, NULL); client >= 0;
         client = accept(listener, NULL, NULL)) {
        serve(client);
    }
    return NULL;
}

static bool start_threads(void)
{
    pthread_t thread;

    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&thread, NULL, serve_all, NULL) != 0) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);

    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    delay = argc == 2 ? (useconds_t)(1000 * strtoul(argv[1], NULL, 10)) : 0;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 ||
        listen(listener, 256) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0 || !start_threads()) {
        perror("mail_sink");
        return EXIT_FAILURE;
    }
    (void)printf("%d\n", ntohs(address.sin_port));
    (void)fflush(stdout);
    while (getchar() != EOF) {
    }
    (void)printf("%ld\n", atomic_load(&taken));
    return EXIT_SUCCESS;
}
