/* SPDX-License-Identifier: MIT */
/* mentorwatch routes and mentorwatch settings: tables of the program, printed. */
#include "api/openapi.h"
#include "api/routes.h"
#include "base/config.h"
#include "base/work.h"
#include "cli/command.h"
#include "wire/json_writer.h"

#include <stdio.h>
#include <sysexits.h>

static char *routes_as_json(struct arena *arena)
{
    struct json_writer to = json_writer_in(arena);

    put_list(&to, NULL);
    for (size_t i = 0; i < route_count; i++) {
        const char *doubled = route_doubled_path(arena, &routes[i]);
        const struct list callers = route_callers(arena, &routes[i]);
        put_object(&to, NULL);
        put_text(&to, "method", method_name(routes[i].method));
        put_text(&to, "path", routes[i].path);
        if (doubled != NULL) {
            put_text(&to, "doubled_path", doubled);
        }
        put_list(&to, "who");
        for (size_t caller = 0; caller < callers.count; caller++) {
            put_text(&to, NULL, ((const char *const *)callers.items)[caller]);
        }
        put_end(&to);
        put_end(&to);
    }
    put_end(&to);
    return json_writer_done(&to);
}

static void print_routes(void)
{
    for (size_t i = 0; i < route_count; i++) {
        (void)printf("%-6s %-50s %s\n", method_name(routes[i].method), routes[i].path,
                     routes[i].summary);
    }
}

int command_routes(struct work *work, const struct command_line *line)
{
    if (line->openapi) {
        (void)fputs(openapi_write(work->arena), stdout);
    } else if (line->json) {
        (void)fputs(routes_as_json(work->arena), stdout);
    } else {
        print_routes();
    }
    return EX_OK;
}

int command_settings(struct work *work, const struct command_line *line)
{
    (void)work;
    (void)line;
    settings_print_man(stdout);
    return EX_OK;
}
