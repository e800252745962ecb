/* SPDX-License-Identifier: MIT */
/* mentorwatch outbox: look at what waits or failed, and change its fate. */
#include "store/outbox.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"
#include "cli/command.h"
#include "cli/listed.h"
#include "db/db.h"
#include "model/message.h"
#include "model/person.h"
#include "store/audit.h"
#include "store/outbox_stop.h"
#include "store/relay.h"
#include "store/reminder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static int wrong(const char *sentence)
{
    (void)fprintf(stderr, "mentorwatch: %s\n", sentence);
    return EX_USAGE;
}

/* What is to be done to which messages. */
struct order {
    enum outbox_deed deed;
    const char *done; /* what it is called when it is done */
    char *const *ids; /* NULL ends; none: all that can be meant */
    int64_t changed;
    bool went_on; /* the outbox as a whole, which was on hold */
};

static const struct order orders[] = {
    {.deed = OUTBOX_RETRY,   .done = "queued again"},
    {.deed = OUTBOX_HOLD,    .done = "held"        },
    {.deed = OUTBOX_RELEASE, .done = "released"    },
};
static const char *const order_words[] = {"retry", "hold", "release", NULL};

/* The messages that were named, locked, and each fit for it; every one that is not is told. */
static enum outcome find_named(struct list *out, struct work *work, const struct order *order)
{
    *out = (struct list){0};
    for (char *const *id = order->ids; *id != NULL; id++) {
        struct outbox_item *item;
        const int64_t seq = message_seq(work->arena, *id);
        if (seq == 0) {
            fault(work, *id, "is not the id of a message, such as msg-00940");
            continue;
        }
        const enum outcome found = outbox_find(&item, work, seq);
        if (found == NOT_FOUND) {
            fault(work, *id, "is not in the outbox");
            continue;
        }
        TRY(found);
        outbox_item_check(work, item, order->deed);
        *(struct outbox_item *)list_append(out, work->arena, sizeof(*item)) = *item;
    }
    return work_verdict(work);
}

static enum outcome change_one(struct work *work, enum outbox_deed deed,
                               const struct outbox_item *item)
{
    if (deed == OUTBOX_HOLD) {
        return outbox_hold(work, item->seq);
    }
    TRY(outbox_retry(work, item->seq));
    return item->event_id != NULL ? reminder_follow(work, item->event_id) : OK;
}

static enum outcome change_named(struct work *work, struct order *order)
{
    struct list items;

    if (order->ids[0] != NULL) {
        TRY(find_named(&items, work, order));
    } else {
        TRY(outbox_list_failed(&items, work));
    }
    const struct outbox_item *item = items.items;
    for (size_t i = 0; i < items.count; i++) {
        TRY(change_one(work, order->deed, &item[i]));
        TRY(audit_add(work, item[i].id));
    }
    order->changed = (int64_t)items.count;
    return OK;
}

/* The outbox as a whole, if that is on hold, else all that is held. */
static enum outcome release_all(struct work *work, struct order *order)
{
    int64_t went_on;

    TRY(outbox_go_on(&went_on, work));
    order->went_on = went_on > 0;
    return order->went_on ? OK : outbox_release_all(&order->changed, work);
}

static enum outcome change_all(struct work *work, struct order *order)
{
    TRY(order->deed == OUTBOX_HOLD ? outbox_hold_all(&order->changed, work)
                                   : release_all(work, order));
    return audit_add(work, NULL);
}

static enum outcome change(struct work *work, void *context)
{
    struct order *order = context;

    if (order->ids[0] == NULL && order->deed != OUTBOX_RETRY) {
        return change_all(work, order);
    }
    TRY(change_named(work, order));
    return order->deed == OUTBOX_RETRY ? relay_resume(work, channel_words[CHANNEL_EMAIL]) : OK;
}

static int run_order(struct work *work, const struct command_line *line, size_t which)
{
    struct order order = orders[which];

    order.ids = line->arguments + 1;
    if (order.deed != OUTBOX_RETRY && line->state != NULL) {
        return wrong("outbox hold and release take no --state");
    }
    if (order.deed == OUTBOX_RETRY && (order.ids[0] == NULL) == (line->state == NULL)) {
        return wrong("outbox retry takes ids of messages, or --state failed");
    }
    if (line->state != NULL && strcmp(line->state, "failed") != 0) {
        return wrong("outbox retry takes --state failed and no other");
    }
    work->deed = arena_printf(work->arena, "%s %s", work->deed, order_words[which]);
    const enum outcome outcome = db_unit(work, change, &order);
    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    if (order.went_on) {
        (void)puts("the outbox goes on");
        return EX_OK;
    }
    (void)printf("%s %s\n", text_counted(work->arena, order.changed, "message"), order.done);
    return EX_OK;
}

static void print_table(struct work *work, struct list items)
{
    const struct outbox_item *item = items.items;

    if (items.count == 0) {
        (void)fputs("mentorwatch: no message is like that\n", stderr);
    } else {
        (void)printf("%-10s %-10s %-22s %-7s %-24s %5s %-20s %s\n", "ID", "STATE", "KIND",
                     "CHANNEL", "TO", "TRIED", "NEXT ATTEMPT", "WHY");
    }
    for (size_t i = 0; i < items.count; i++) {
        const struct outbox_item *it = &item[i];
        const char *next = instant_given(it->next_attempt_at)
                               ? instant_format(work->arena, it->next_attempt_at, SECONDS)
                               : "-";
        (void)printf("%-10s %-10s %-22s %-7s %-24s %5" PRId64 " %-20s %s\n", it->id, it->state,
                     it->kind, it->channel, it->to, it->attempts, next,
                     it->why != NULL ? it->why : "");
    }
}

/* EX_OK, or the status to end with after telling why. */
static int read_limit(int64_t *out, const struct command_line *line)
{
    if (line->argument_count > 1) {
        return wrong("outbox list takes no ids");
    }
    if (!listed_limit(out, line)) {
        return EX_USAGE;
    }
    if (line->state != NULL &&
        message_state_words[text_index(message_state_words, line->state)] == NULL) {
        return wrong("--state takes queued, sending, sent, failed, held or superseded");
    }
    return EX_OK;
}

static int list(struct work *work, const struct command_line *line)
{
    struct list items;
    int64_t limit;
    const int status = read_limit(&limit, line);

    if (status != EX_OK) {
        return status;
    }
    const enum outcome outcome = outbox_list(&items, work, line->state, limit + 1);
    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    listed_cut(&items, limit);
    if (line->json) {
        listed_print_json(work->arena, &outbox_item, items);
    } else {
        print_table(work, items);
    }
    return EX_OK;
}

int command_outbox(struct work *work, const struct command_line *line)
{
    const char *word = line->arguments[0];
    const size_t which = text_index(order_words, word);

    if (strcmp(word, "list") == 0) {
        return list(work, line);
    }
    if (order_words[which] == NULL) {
        return wrong("outbox takes list, retry, hold or release");
    }
    if (line->json || line->limit != NULL) {
        return wrong("--json and --limit are for outbox list");
    }
    return run_order(work, line, which);
}
