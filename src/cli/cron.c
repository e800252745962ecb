/* SPDX-License-Identifier: MIT */
/* mentorwatch cron: the one line for a host's cron. */
#include "jobs/cron.h"

#include "base/work.h"
#include "cli/command.h"
#include "cli/delivery.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

/* What somebody must look at comes first. */
static int status_of(const struct cron_report *report)
{
    const int delivery = delivery_status(&report->delivery);

    if (report->sweep.brake != NULL) {
        (void)fprintf(stderr, "mentorwatch: %s\n", report->sweep.brake);
        return EX_TEMPFAIL;
    }
    if (delivery != EX_OK) {
        return delivery;
    }
    const struct job_run *runs[] = {report->sweep.expiry, report->sweep.reminders};
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        if (runs[i] != NULL && runs[i]->failures.count > 0) {
            (void)fprintf(stderr, "mentorwatch: %zu certifications could not be handled by %s\n",
                          runs[i]->failures.count, runs[i]->job_run_id);
            return EX_DATAERR;
        }
    }
    return EX_OK;
}

int command_cron(struct work *work, const struct command_line *line)
{
    struct cron_report report;
    const enum outcome outcome = cron_run(&report, work);

    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    if (line->verbose || isatty(STDERR_FILENO)) {
        (void)puts(report.swept ? "the sweep was due, and was begun" : "no sweep is due");
        delivery_print(&report.delivery);
    }
    return status_of(&report);
}
