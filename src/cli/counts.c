/* SPDX-License-Identifier: MIT */
/* mentorwatch counts: are the totals of the lists what the rows say? */
#include "base/work.h"
#include "cli/command.h"
#include "jobs/counting.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

int command_counts(struct work *work, const struct command_line *line)
{
    struct recounted found;
    const enum outcome outcome = counting_run(&found, work, line->repair, NULL, NULL);

    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    if (found.not_counted > 0) {
        (void)printf("%s not been counted yet: the next sweep does it, or counts --repair\n",
                     found.not_counted == 1 ? "a list has" : "some lists have");
    }
    if (found.wrong == 0) {
        (void)printf("%s\n",
                     found.not_counted > 0 ? "the others are right" : "all counts are right");
        return EX_OK;
    }
    (void)printf("%" PRId64 " counts were wrong%s\n", found.wrong,
                 line->repair ? " and have been repaired" : "; counts --repair repairs them");
    return line->repair ? EX_OK : EX_DATAERR;
}
