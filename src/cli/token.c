/* SPDX-License-Identifier: MIT */
/* mentorwatch token: a token for the API, signed with the secret or private key of the settings. */
#include "wire/token.h"

#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "cli/command.h"

#include <stdio.h>
#include <sysexits.h>

enum { HOUR = 3600 };

static const int64_t TEN_YEARS = INT64_C(10) * 366 * 24 * HOUR;

/* EX_OK, or the status to end with after telling why. */
static int read_line(struct grant *out, const struct command_line *line)
{
    *out = (struct grant){
        .role = line->role,
        .organisation_id = line->organisation,
        .subject = line->subject,
        .kid = line->kid,
        .seconds = HOUR,
    };
    if (line->role == NULL) {
        (void)fputs("mentorwatch: token takes --role ROLE\n", stderr);
        return EX_USAGE;
    }
    if (line->ttl != NULL && (!text_to_int(line->ttl, &out->seconds) || out->seconds > TEN_YEARS ||
                              out->seconds < -TEN_YEARS)) {
        (void)fputs("mentorwatch: --ttl takes a whole number of seconds, at most ten years\n",
                    stderr);
        return EX_USAGE;
    }
    return EX_OK;
}

static enum outcome print_token(struct work *work, const struct token_keys *keys,
                                const struct grant *grant)
{
    char *token;

    TRY(token_mint(&token, work, keys, grant));
    (void)puts(token);
    return OK;
}

int command_token(struct work *work, const struct command_line *line)
{
    struct token_keys *keys;
    struct grant grant;
    const int status = read_line(&grant, line);

    if (status != EX_OK) {
        return status;
    }
    if (token_keys_load_private(&keys, work) != OK) {
        (void)command_failed(work, INVALID);
        return EX_CONFIG;
    }
    const enum outcome outcome = print_token(work, keys, &grant);
    token_keys_free(keys);
    return outcome == OK ? EX_OK : command_failed(work, outcome);
}
