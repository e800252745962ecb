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
    int64_t wrong;
    const enum outcome outcome = counting_run(&wrong, work, line->repair, NULL, NULL);

    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    if (wrong == 0) {
        (void)printf("all counts are right\n");
        return EX_OK;
    }
    (void)printf("%" PRId64 " counts were wrong%s\n", wrong,
                 line->repair ? " and have been repaired" : "; counts --repair repairs them");
    return line->repair ? EX_OK : EX_DATAERR;
}
