/* SPDX-License-Identifier: MIT */
/* mentorwatch grants: what the administrator of the database has to say. */
#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "cli/command.h"
#include "store/right.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

/* USER@HOST as SQL writes it; NULL: it is not that. */
static const char *account_sql(struct arena *arena, const char *account)
{
    const size_t user = strspn(account, allowed);
    const char *host = account + user + 1;

    if (user == 0 || account[user] != '@' || host[0] == '\0') {
        return NULL;
    }
    while (*host != '\0' && (strchr(allowed, *host) != NULL || strchr("%:/", *host) != NULL)) {
        host++;
    }
    return *host == '\0'
               ? arena_printf(arena, "'%.*s'@'%s'", (int)user, account, account + user + 1)
               : NULL;
}

/* A name in backquotes. In a right on a whole schema, '_' and '%' stand for others. */
static const char *quoted(struct arena *arena, const char *name, bool pattern)
{
    struct text text = text_in(arena);

    text_add(&text, "`");
    for (; *name != '\0'; name++) {
        const char *before = "";
        if (*name == '`') {
            before = "`";
        } else if (pattern && (*name == '_' || *name == '%')) {
            before = "\\";
        }
        text_add_format(&text, "%s%c", before, *name);
    }
    text_add(&text, "`");
    return text_done(&text);
}

static void print_schema_rights(struct arena *arena, const char *schema, const char *account)
{
    (void)printf("GRANT " SCHEMA_RIGHTS " ON %s.* TO %s;\n", quoted(arena, schema, true), account);
}

static void print_table_rights(struct arena *arena, const char *schema, const char *account,
                               bool app)
{
    for (size_t i = 0; i < table_right_count; i++) {
        const struct table_right *right = &table_rights[i];
        (void)printf("GRANT %s ON %s.%s TO %s;\n", app ? right->app : right->sweep,
                     quoted(arena, schema, false), right->table, account);
    }
}

static int refuse(const char *sentence)
{
    (void)fprintf(stderr, "mentorwatch: %s\n", sentence);
    return EX_USAGE;
}

int command_grants(struct work *work, const struct command_line *line)
{
    const char *whose = line->arguments[0];
    const char *account = account_sql(work->arena, line->arguments[1]);
    const char *schema = work->settings->database.name;

    if (account == NULL) {
        return refuse("an account is USER@HOST, such as mentorwatch@localhost");
    }
    if (strcmp(whose, "migrate") == 0) {
        print_schema_rights(work->arena, schema, account);
    } else if (strcmp(whose, "app") == 0 || strcmp(whose, "sweep") == 0) {
        print_table_rights(work->arena, schema, account, whose[0] == 'a');
    } else {
        return refuse("grants are for app, sweep or migrate");
    }
    return EX_OK;
}
