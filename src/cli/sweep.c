/* SPDX-License-Identifier: MIT */
/* mentorwatch sweep: the daily order of work. */
#include "base/arena.h"
#include "base/config.h"
#include "base/work.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "jobs/expiry.h"
#include "jobs/retention.h"
#include "notify/deliver.h"
#include "store/message.h"
#include "wire/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

struct report {
    const struct job_run *expiry;
    struct delivery_count delivery;
};

static void show_expiry(void *context, int64_t done, int64_t found)
{
    progress_show(context, "expired certifications", done, found);
}

static void show_delivery(void *context, const struct delivery_count *count)
{
    const int64_t done = count->sent + count->put_off + count->failed;

    progress_show(context, "messages", done, 0);
}

static enum outcome deliver(struct delivery_count *out, struct work *work, bool dry_run,
                            struct progress *progress)
{
    if (dry_run) {
        return message_count_queued(&out->queued, work);
    }
    struct courier *courier = courier_new(work->settings);
    const enum outcome outcome = deliver_due(out, work, courier, show_delivery, progress);
    courier_free(courier);
    return outcome;
}

static void print_json(struct arena *arena, const struct report *report, bool dry_run)
{
    (void)printf("{\"dry_run\":%s,\"expiry\":%s,\"delivery\":%s}\n", dry_run ? "true" : "false",
                 json_write(arena, &expiry_run, report->expiry),
                 json_write(arena, &delivery_count, &report->delivery));
}

static void print_summary(const struct report *report, bool dry_run)
{
    const struct job_run *expiry = report->expiry;
    const struct delivery_count *delivery = &report->delivery;

    (void)printf("%s: %" PRId64 " mentors with certifications, %" PRId64
                 " certifications expired, %" PRId64 " %s, %zu failed\n",
                 dry_run ? "dry run" : expiry->job_run_id, expiry->mentors_scanned, expiry->found,
                 expiry->acted, dry_run ? "would pause their mentor" : "paused their mentor",
                 expiry->failures.count);
    if (expiry->unwarned > 0) {
        (void)printf("%" PRId64 " without a warning delivered before\n", expiry->unwarned);
    }
    if (dry_run) {
        (void)printf("messages: %" PRId64 " waiting\n", delivery->queued);
    } else {
        (void)printf("messages: %" PRId64 " sent, %" PRId64 " put off, %" PRId64 " failed, %" PRId64
                     " waiting\n",
                     delivery->sent, delivery->put_off, delivery->failed, delivery->queued);
    }
}

static int status_of(const struct report *report)
{
    if (report->delivery.relay_away) {
        (void)fprintf(stderr,
                      "mentorwatch: the mail server could not be reached; %" PRId64
                      " messages wait for the next sweep\n",
                      report->delivery.queued);
        return EX_UNAVAILABLE;
    }
    if (report->expiry->failures.count > 0) {
        (void)fprintf(stderr, "mentorwatch: %zu certifications could not be handled\n",
                      report->expiry->failures.count);
        return EX_DATAERR;
    }
    if (report->delivery.failed > 0) {
        (void)fprintf(stderr, "mentorwatch: %" PRId64 " messages can never be delivered\n",
                      report->delivery.failed);
        return EX_DATAERR;
    }
    return EX_OK;
}

static enum outcome sweep(struct report *out, struct work *work, bool dry_run,
                          struct progress *progress)
{
    struct job_run *expiry;

    TRY(expiry_job_run(&expiry, work, dry_run, show_expiry, progress));
    out->expiry = expiry;
    TRY(deliver(&out->delivery, work, dry_run, progress));
    return dry_run ? OK : retention_run(work);
}

int command_sweep(struct work *work, const struct command_line *line)
{
    struct report report = {0};
    struct progress progress = progress_begin();

    if (line->as_of != NULL && !instant_parse(&work->now, line->as_of)) {
        (void)fprintf(stderr, "mentorwatch: --as-of takes a time such as 2026-03-01T00:00:00Z\n");
        return EX_USAGE;
    }
    const enum outcome outcome = sweep(&report, work, line->dry_run, &progress);
    progress_end(&progress);
    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    if (line->json) {
        print_json(work->arena, &report, line->dry_run);
    } else if (line->verbose || isatty(STDERR_FILENO)) {
        print_summary(&report, line->dry_run);
    }
    return status_of(&report);
}
