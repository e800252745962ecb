/* SPDX-License-Identifier: MIT */
#include "api/in_app.h"

#include "base/log.h"
#include "base/work.h"
#include "http/request.h"
#include "notify/letter.h"
#include "store/inbox.h"

static enum outcome find_owner(struct inbox_owner *out, struct work *work)
{
    *out = inbox_owner_of(&work->actor);
    if (out->recipient_id == NULL || out->recipient_id[0] == '\0') {
        return fail(work, FORBIDDEN,
                    "your token does not say whose messages these are: it has no sub");
    }
    return OK;
}

/* A broken template takes the words of its own messages, and no other. */
static void write_out(struct inbox_item *item, struct work *work)
{
    struct work mine = *work;
    struct letter letter;

    item->id = message_id(work->arena, item->seq);
    if (letter_compose(&letter, &mine, &item->message, NULL) == OK) {
        item->title = letter.subject;
        item->text = letter.text;
        return;
    }
    log_event(LOG_LEVEL_ERROR, "letter", LOG_TEXT("message", item->id),
              LOG_TEXT("says", mine.failure.sentence));
    item->title = item->message.kind;
    item->text = "";
}

enum outcome in_app_index(struct request *request)
{
    const struct inbox_filter *filter = request->input;
    struct inbox_owner owner;
    struct page page;

    TRY(find_owner(&owner, request->work));
    TRY(inbox_list(&page, request->work, owner, filter));
    struct inbox_item *items = page.items.items;
    for (size_t i = 0; i < page.items.count; i++) {
        write_out(&items[i], request->work);
    }
    return reply_page(request, &inbox_item, &page, &filter->listing);
}

enum outcome in_app_mark_read(struct request *request)
{
    struct work *work = request->work;
    const char *id = request_value(request, 0);
    struct inbox_owner owner;
    struct inbox_item *item;

    TRY(find_owner(&owner, work));
    TRY(inbox_mark_read(work, owner, id));
    TRY(inbox_find(&item, work, owner, id));
    write_out(item, work);
    return reply(request, &inbox_item, item);
}
