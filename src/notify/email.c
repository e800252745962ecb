/* SPDX-License-Identifier: MIT */
#include "notify/email.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/crash_point.h"
#include "base/text.h"
#include "notify/smtp_line.h"
#include "notify/transfers.h"

#include <string.h>

enum {
    SMTP_DONE = 200, /* to 299 */
    SMTP_GO_ON = 354,
    SMTP_REFUSED = 400,
    SMTP_BUSY = 421,
    SMTP_NEVER = 500,
};

struct mailer {
    struct arena *arena; /* holds the mailer itself */
    struct smtp_line *line;
};

/* What the relay is asked for one mail, in this order. */
enum step { STEP_SENDER, STEP_RECIPIENT, STEP_DATA, STEP_TEXT, STEPS };

/* One mail on its way. */
struct talk {
    struct smtp_line *line;
    int64_t deadline;
    const char *say[STEPS];
    bool in_a_row;  /* all but the text is said at once */
    enum step step; /* what the last answer was, or is, awaited to */
    int reply;      /* its code; 0: none came */
};

struct mailer *mailer_new(const struct settings *settings)
{
    struct arena *arena = arena_new();
    struct mailer *mailer = arena_alloc(arena, sizeof(*mailer));

    *mailer = (struct mailer){.arena = arena, .line = smtp_line_new(settings)};
    return mailer;
}

void mailer_free(struct mailer *mailer)
{
    if (mailer != NULL) {
        smtp_line_free(mailer->line);
        arena_free(mailer->arena);
    }
}

/* With a dot more before each line that begins with one, and the line that ends it. */
static const char *as_said(struct arena *arena, const char *text)
{
    static const char dotted[] = "\r\n.";
    struct text said = text_in(arena);

    text_add(&said, text[0] == '.' ? "." : "");
    for (const char *next; (next = strstr(text, dotted)) != NULL; text = next + strlen(dotted)) {
        text_add_bytes(&said, text, (size_t)(next - text));
        text_add(&said, "\r\n..");
    }
    text_add(&said, text);
    text_add(&said, ".\r\n");
    return text_done(&said);
}

static bool say(const struct talk *talk, const char *words)
{
    return smtp_line_say(talk->line, words, strlen(words), talk->deadline);
}

static bool is_good(const struct talk *talk)
{
    if (talk->step == STEP_DATA) {
        return talk->reply == SMTP_GO_ON;
    }
    return talk->reply >= SMTP_DONE && talk->reply < SMTP_DONE + 100;
}

/* Until all is said and answered, or something went wrong. */
static void converse(struct talk *talk, struct arena *arena)
{
    const bool row_said =
        talk->in_a_row && say(talk, arena_printf(arena, "%s%s%s", talk->say[STEP_SENDER],
                                                 talk->say[STEP_RECIPIENT], talk->say[STEP_DATA]));

    for (talk->step = STEP_SENDER;; talk->step++) {
        const bool said =
            talk->in_a_row && talk->step < STEP_TEXT ? row_said : say(talk, talk->say[talk->step]);
        talk->reply = said ? smtp_line_hear(talk->line, talk->deadline) : 0;
        if (!is_good(talk) || talk->step == STEP_TEXT) {
            return;
        }
    }
}

/* What a refusal of this mail means, be it of its recipient or of its text. */
static enum delivery judge_refusal(int reply)
{
    if (reply == SMTP_BUSY) {
        return BROKEN_OFF;
    }
    return reply < SMTP_NEVER ? PUT_OFF : REFUSED;
}

/* A recipient who has been named may be why the relay broke off, even before it has answered to
 * the sender. */
static enum delivery judge(const struct talk *talk)
{
    const bool refused = talk->reply >= SMTP_REFUSED;

    if (refused && talk->step >= STEP_RECIPIENT) {
        return judge_refusal(talk->reply);
    }
    if (talk->step == STEP_TEXT) {
        /* Cut off in the text, or before the answer to its end, it may have been accepted. */
        return is_good(talk) ? DELIVERED : UNKNOWN;
    }
    if (!refused && transfers_are_cut()) {
        return CUT_SHORT;
    }
    const bool named = talk->step >= STEP_RECIPIENT || (talk->in_a_row && !refused);
    return named ? BROKEN_OFF : RELAY_AWAY;
}

/* After anything but success the next mail begins on a new line. What was said in a row may have
 * left the relay waiting for a text: then QUIT would be one. */
static void part(const struct talk *talk, enum delivery delivery)
{
    const bool answered = talk->reply > 0 && talk->reply != SMTP_BUSY;

    if (delivery != DELIVERED) {
        smtp_line_close(talk->line, answered && (!talk->in_a_row || talk->step == STEP_TEXT));
    }
}

static enum delivery talk_of(struct talk *talk, struct arena *arena, const struct mail *mail)
{
    talk->in_a_row = smtp_line_takes_rows(talk->line);
    talk->say[STEP_SENDER] = arena_printf(arena, "MAIL FROM:<%s>\r\n", mail->from);
    talk->say[STEP_RECIPIENT] = arena_printf(arena, "RCPT TO:<%s>\r\n", mail->to);
    talk->say[STEP_DATA] = "DATA\r\n";
    talk->say[STEP_TEXT] = as_said(arena, mail_write(arena, mail));
    CRASH_POINT("before sending a mail");
    converse(talk, arena);
    CRASH_POINT("after sending a mail");
    return judge(talk);
}

enum delivery mailer_send(struct mailer *mailer, struct arena *arena, const struct mail *mail,
                          int64_t timeout_ms, struct delivery_reply *out)
{
    struct talk talk = {.line = mailer->line, .deadline = clock_monotonic_ms() + timeout_ms};

    *out = (struct delivery_reply){0};
    /* SMTP has line breaks and parameters, which might hide in an address. */
    if (!mail_address_valid(mail->from)) {
        out->detail = "the sender's address cannot be used";
        return RELAY_AWAY;
    }
    if (!mail_address_valid(mail->to)) {
        out->detail = "not an address that mail can be sent to";
        return REFUSED;
    }
    out->relay_asked = true;
    if (smtp_line_open(mailer->line, talk.deadline) != GREETED) {
        out->detail = arena_text(arena, smtp_line_words(mailer->line));
        return transfers_are_cut() ? CUT_SHORT : RELAY_AWAY;
    }
    const enum delivery delivery = talk_of(&talk, arena, mail);
    out->detail = arena_text(arena, smtp_line_words(mailer->line));
    part(&talk, delivery);
    return delivery;
}

enum greeting mailer_greet(struct mailer *mailer, struct arena *arena, int64_t timeout_ms,
                           const char **says)
{
    const enum greeting greeting = smtp_line_open(mailer->line, clock_monotonic_ms() + timeout_ms);

    *says = arena_text(arena, smtp_line_words(mailer->line));
    smtp_line_close(mailer->line, greeting == GREETED);
    return greeting;
}
