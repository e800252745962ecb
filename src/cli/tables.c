/* SPDX-License-Identifier: MIT */
/* mentorwatch routes and mentorwatch settings: tables of the program, printed. */
#include "api/routes.h"
#include "base/config.h"
#include "cli/command.h"

#include <stdio.h>
#include <sysexits.h>

int command_routes(struct work *work, const struct command_line *line)
{
    (void)work;
    (void)line;
    for (size_t i = 0; i < route_count; i++) {
        (void)printf("%-6s %-50s %s\n", method_name(routes[i].method), routes[i].path,
                     routes[i].summary);
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
