/* SPDX-License-Identifier: MIT */
#include "notify/courier.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/work.h"
#include "notify/email.h"
#include "notify/letter.h"
#include "notify/push.h"
#include "notify/template_file.h"

struct courier {
    struct arena *arena; /* holds the courier itself */
    struct mailer *mailer;
    struct pusher *pusher;
    struct template_shelf *shelf; /* NULL: there is none */
};

struct courier *courier_new(const struct settings *settings)
{
    struct arena *arena = arena_new();
    struct courier *courier = arena_alloc(arena, sizeof(*courier));

    *courier = (struct courier){
        .arena = arena, .mailer = mailer_new(settings), .pusher = pusher_new(settings)};
    return courier;
}

void courier_free(struct courier *courier)
{
    if (courier != NULL) {
        mailer_free(courier->mailer);
        pusher_free(courier->pusher);
        arena_free(courier->arena);
    }
}

void courier_keep_templates(struct courier *courier, struct arena *arena)
{
    courier->shelf = arena == NULL ? NULL : template_shelf_new(arena);
}

static enum outcome by_email(enum delivery *out, struct work *work, struct courier *courier,
                             const struct message *message, struct delivery_reply *reply)
{
    const int64_t timeout_ms = work->settings->mail.timeout * MS_PER_SECOND;
    struct mail mail;

    TRY(letter_write(&mail, work, message, courier->shelf));
    *out = mailer_send(courier->mailer, work->arena, &mail, timeout_ms, reply);
    return OK;
}

static enum outcome by_push(enum delivery *out, struct work *work, struct courier *courier,
                            const struct message *message, struct delivery_reply *reply)
{
    const int64_t timeout_ms = work->settings->push.timeout * MS_PER_SECOND;
    struct letter letter;

    TRY(letter_compose(&letter, work, message, courier->shelf));
    *out = pusher_send(courier->pusher, work, message, &letter, timeout_ms, reply);
    return OK;
}

enum delivery courier_hand_over(struct courier *courier, struct work *work, enum channel channel,
                                const struct message *message, struct delivery_reply *reply)
{
    enum delivery delivery = PUT_OFF;

    *reply = (struct delivery_reply){0};
    const enum outcome outcome = channel == CHANNEL_EMAIL
                                     ? by_email(&delivery, work, courier, message, reply)
                                     : by_push(&delivery, work, courier, message, reply);
    if (outcome != OK) {
        reply->detail = work->failure.sentence;
    }
    return delivery;
}
