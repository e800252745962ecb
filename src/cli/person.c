/* SPDX-License-Identifier: MIT */
/* mentorwatch person: all that is stored about one person, handed out or erased. */
#include "base/arena.h"
#include "base/text.h"
#include "base/work.h"
#include "cli/command.h"
#include "db/db.h"
#include "store/audit.h"
#include "store/person_data.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

struct order {
    const char *id;
    char *json;
    struct person_erased erased;
};

static enum outcome export(struct work *work, void *context) {
    struct order *order = context;

    TRY(person_data_export(&order->json, work, order->id));
    return audit_add_reading(work, order->id);
}

static enum outcome erase(struct work *work, void *context)
{
    struct order *order = context;

    TRY(person_data_erase(&order->erased, work, order->id));
    return audit_add(work, order->erased.name);
}

int command_person(struct work *work, const struct command_line *line)
{
    const bool exports = strcmp(line->arguments[0], "export") == 0;
    struct order order = {.id = line->arguments[1]};

    if (!exports && strcmp(line->arguments[0], "erase") != 0) {
        (void)fputs("mentorwatch: person takes export or erase, and an id\n", stderr);
        return EX_USAGE;
    }
    work->deed = arena_printf(work->arena, "%s %s", work->deed, line->arguments[0]);
    const enum outcome outcome = db_unit(work, exports ? export : erase, &order);
    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    if (exports) {
        (void)fputs(order.json, stdout);
    } else {
        const struct person_erased *erased = &order.erased;
        (void)printf("erased; what is left is kept as %s: %s, %s, %s\n", erased->name,
                     text_counted(work->arena, erased->certifications, "certification"),
                     text_counted(work->arena, erased->messages, "message"),
                     text_counted(work->arena, erased->others, "other row"));
    }
    return EX_OK;
}
