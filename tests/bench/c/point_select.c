/* SPDX-License-Identifier: MIT */
/* What the client library alone reaches: one row by its id, with one prepared statement for each
 * thread, as often as it goes. Prints how many a second.
 *
 *     point_select SOCKET USER PASSWORD DATABASE THREADS SECONDS IDS
 *
 * IDS is how many certifications there are, cert_0000000001 and so on.
 */
#include <mysql.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_THREADS = 64, COLUMNS = 8, WIDTH = 128 };

static const char statement_text[] =
    "SELECT certification_id, mentor_id, certification_type, issued_at, expires_at, revoked_at, "
    "auto_pause_applied_at, created_at FROM certifications WHERE certification_id = ?";

struct client {
    char **arguments;
    unsigned long ids;
    double seconds;
    unsigned seed;
    long done;
};

static double now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void give_up(const char *says)
{
    (void)fprintf(stderr, "point_select: %s\n", says);
    exit(EXIT_FAILURE);
}

static MYSQL_STMT *prepare(MYSQL *connection, char **arguments)
{
    if (mysql_real_connect(connection, NULL, arguments[2], arguments[3], arguments[4], 0,
                           arguments[1], 0) == NULL) {
        give_up(mysql_error(connection));
    }
    MYSQL_STMT *statement = mysql_stmt_init(connection);
    if (statement == NULL ||
        mysql_stmt_prepare(statement, statement_text, sizeof(statement_text) - 1) != 0) {
        give_up(mysql_error(connection));
    }
    return statement;
}

static void bind_columns(MYSQL_STMT *statement, char (*cells)[WIDTH])
{
    MYSQL_BIND out[COLUMNS];

    memset(out, 0, sizeof(out));
    for (int i = 0; i < COLUMNS; i++) {
        out[i].buffer_type = MYSQL_TYPE_STRING;
        out[i].buffer = cells[i];
        out[i].buffer_length = WIDTH;
    }
    if (mysql_stmt_bind_result(statement, out)) {
        give_up(mysql_stmt_error(statement));
    }
}

static void find(MYSQL_STMT *statement, const char *id)
{
    if (mysql_stmt_execute(statement) != 0 || mysql_stmt_fetch(statement) != 0) {
        give_up(id);
    }
    (void)mysql_stmt_free_result(statement);
}

static void *run(void *context)
{
    struct client *client = context;
    char cells[COLUMNS][WIDTH];
    char id[32];
    unsigned long length = 0;
    MYSQL *connection = mysql_init(NULL);
    MYSQL_BIND argument;

    MYSQL_STMT *statement = prepare(connection, client->arguments);
    memset(&argument, 0, sizeof(argument));
    argument.buffer_type = MYSQL_TYPE_STRING;
    argument.buffer = id;
    argument.length = &length;
    if (mysql_stmt_bind_param(statement, &argument)) {
        give_up(mysql_stmt_error(statement));
    }
    bind_columns(statement, cells);
    for (const double end = now() + client->seconds; now() < end; client->done++) {
        const unsigned long number = 1 + (unsigned long)rand_r(&client->seed) % client->ids;
        length = (unsigned long)snprintf(id, sizeof(id), "cert_%010lu", number);
        find(statement, id);
    }
    (void)mysql_stmt_close(statement);
    mysql_close(connection);
    mysql_thread_end();
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[MOST_THREADS];
    struct client clients[MOST_THREADS];
    const long count = argc == 8 ? strtol(argv[5], NULL, 10) : 0;
    long done = 0;

    if (count < 1 || count > MOST_THREADS || mysql_library_init(0, NULL, NULL) != 0) {
        give_up("SOCKET USER PASSWORD DATABASE THREADS SECONDS IDS");
    }
    const double begun = now();
    for (long i = 0; i < count; i++) {
        clients[i] = (struct client){.arguments = argv,
                                     .ids = strtoul(argv[7], NULL, 10),
                                     .seconds = strtod(argv[6], NULL),
                                     .seed = (unsigned)i + 1};
        if (pthread_create(&threads[i], NULL, run, &clients[i]) != 0) {
            give_up("no thread");
        }
    }
    for (long i = 0; i < count; i++) {
        (void)pthread_join(threads[i], NULL);
        done += clients[i].done;
    }
    (void)printf("%.1f\n", (double)done / (now() - begun));
    mysql_library_end();
    return EXIT_SUCCESS;
}
