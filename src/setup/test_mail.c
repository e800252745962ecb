/* SPDX-License-Identifier: MIT */
#include "setup/test_mail.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/work.h"
#include "notify/email.h"

enum outcome test_mail_send(struct test_mail *out, struct work *work,
                            const struct settings *settings, const char *to)
{
    const struct mail mail = {
        .message_id =
            arena_printf(work->arena, "%s@setup.mentorwatch", id_new_long(work->arena, "")),
        .from = settings->mail.from,
        .from_name = settings->mail.from_name,
        .to = to,
        .subject = "mentorwatch can send mail",
        .text = "This is the test mail of mentorwatch. Nothing need be done.\n",
        .date = work->now,
    };
    struct delivery_reply reply = {0};

    if (!mail_address_valid(to)) {
        return fail(work, INVALID, "%s is no mail address", to);
    }
    struct mailer *mailer = mailer_new(settings);
    const enum delivery delivery =
        mailer_send(mailer, work->arena, &mail, settings->mail.timeout * MS_PER_SECOND, &reply);
    mailer_free(mailer);
    *out = (struct test_mail){.sent = delivery == DELIVERED,
                              .says = reply.detail != NULL ? reply.detail : "no reason"};
    return OK;
}
