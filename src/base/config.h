/* SPDX-License-Identifier: MIT */
/* The settings: one table says name, type, range, default and meaning of each.
 *
 * Read from one INI file, then from the environment (MENTORWATCH_DATABASE_HOST overrides
 * database.host). Unknown keys are errors, in both. The man page's section is printed from the
 * same table (settings_print_man).
 */
#ifndef MENTORWATCH_BASE_CONFIG_H
#define MENTORWATCH_BASE_CONFIG_H

#include "base/outcome.h"
#include "base/record.h"

#include <stdio.h>

struct arena;
struct work;

enum {
    THRESHOLD_MAX = 365, /* days before the expiry at which the first reminder may go out */
    SENDERS_MAX = 64,    /* threads that deliver */
};

struct settings {
    struct {
        const char *host;
        int64_t port;
        const char *socket;
        const char *hosts;
        const char *read_own_writes;
        const char *name;
        const char *user;
        const char *password;
        const char *sweep_account;
        const char *migrate_account;
        int64_t timeout;
        int64_t idle;
    } database;
    struct {
        const char *public_access;
        const char *service_token;
        const char *cron;
        int64_t cron_seconds;
    } api;
    struct {
        const char *socket;
        const char *url;
        int64_t threads;
        int64_t max_body;
    } server;
    struct {
        const char *relay;
        const char *hello;
        const char *from;
        const char *from_name;
        const char *user;
        const char *password;
        const char *tls;
        const char *ca_file;
        int64_t timeout;
        int64_t per_hour;
        const char *list_unsubscribe;
    } mail;
    struct {
        const char *secret;
        int64_t timeout;
        const char *private_addresses;
        const char *plain_http;
        const char *ca_file;
    } push;
    struct {
        const char *templates;
        const char *state;
        const char *language;
        int64_t deadline;
        int64_t senders;
    } notify;
    struct {
        int64_t grace_days;
        int64_t batch;
        int64_t connections;
        int64_t lease;
        const char *ping_url;
        int64_t hour;
    } jobs;
    struct {
        const char *thresholds;
        const char *thresholds_by_type;
    } reminders;
    struct {
        const char *algorithm;
        const char *secret;
        const char *key_file;
        const char *private_key_file;
        const char *issuer;
        const char *audience;
        int64_t leeway;
    } token;
    struct {
        int64_t messages;
        int64_t in_app;
        int64_t reminders;
        int64_t expiry_notifications;
        int64_t pauses;
        int64_t pause_events;
        int64_t expiry_log;
        int64_t decisions;
        int64_t runs;
        int64_t audit;
    } retention; /* days; 0: for ever */
    struct {
        const char *level;
        const char *to;
        const char *format;
    } log;
};

/* The languages that messages are written in: "en", …; NULL ends. */
extern const char *const language_words[];

extern const struct record settings_record;

/* Read the settings. `path` is what --config said, or NULL: then MENTORWATCH_CONFIG, else
 * the one that MENTORWATCH_HOME points to (base/home.h), mentorwatch.conf in the folder of the
 * program itself, else the one in sysconfdir; where none of these exists, defaults and the
 * environment alone count. INVALID names every bad key at once in work->failure.faults. A file that
 * holds a password and can be read by others than its owner and group is refused. Texts live in the
 * work's arena. */
enum outcome settings_load(struct settings *out, struct work *work, const char *path);

/* Use the account of the database that a file holds: user and password in a section [database], and
 * nothing else. Nothing happens where the path is empty. Fails as settings_load() does. */
enum outcome settings_take_account(struct settings *settings, struct work *work, const char *path);

/* The file that settings_load() would read; NULL: there is none. */
const char *settings_file(struct arena *arena, const char *path);

/* The table as a man page section (mdoc), for docs/man. */
void settings_print_man(FILE *to);

#endif
