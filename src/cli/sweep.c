/* SPDX-License-Identifier: MIT */
/* mentorwatch sweep: the daily order of work. */
#include "jobs/sweep.h"

#include "base/text.h"
#include "base/work.h"
#include "cli/command.h"
#include "cli/delivery.h"
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

static void show_expiry(void *context, int64_t done, int64_t found)
{
    progress_show(context, "expired certifications", done, found);
}

static void show_reminders(void *context, int64_t done, int64_t found)
{
    progress_show(context, "reminders", done, found);
}

static void show_delivery(void *context, const struct delivery_count *count)
{
    const int64_t done = count->sent + count->put_off + count->failed;

    progress_show(context, "messages", done, 0);
}

static const char *paused(bool dry_run, int64_t count)
{
    if (dry_run) {
        return count == 1 ? "would pause its mentor" : "would pause their mentors";
    }
    return count == 1 ? "paused its mentor" : "paused their mentors";
}

static void print_expiry(struct arena *arena, const struct job_run *run, bool dry_run)
{
    (void)printf("%s: %s with certifications, %s expired, %" PRId64 " %s, %zu failed\n",
                 dry_run ? "dry run" : run->job_run_id,
                 text_counted(arena, run->mentors_scanned, "mentor"),
                 text_counted(arena, run->found, "certification"), run->acted,
                 paused(dry_run, run->acted), run->failures.count);
    if (run->unwarned > 0) {
        (void)printf("%" PRId64 " without a warning delivered before\n", run->unwarned);
    }
}

static void print_reminders(struct arena *arena, const struct job_run *run, bool dry_run)
{
    (void)printf("%s: %s due, %" PRId64 " %s, %zu failed\n", dry_run ? "dry run" : run->job_run_id,
                 text_counted(arena, run->found, "reminder"), run->acted,
                 dry_run ? "would be sent" : "put into the outbox", run->failures.count);
}

static void print_delivery(struct arena *arena, const struct delivery_count *count, bool dry_run)
{
    if (dry_run) {
        (void)printf("%s waiting\n", text_counted(arena, count->queued, "message"));
    } else {
        delivery_print(count);
    }
}

static void print_summary(struct arena *arena, const struct sweep_report *report)
{
    if (report->expiry != NULL) {
        print_expiry(arena, report->expiry, report->dry_run);
    }
    if (report->reminders != NULL) {
        print_reminders(arena, report->reminders, report->dry_run);
    }
    if (report->left != NULL) {
        (void)printf("%s\n", report->left);
    }
    print_delivery(arena, &report->delivery, report->dry_run);
    const char *removed = retention_sentence(arena, &report->removed);
    if (removed != NULL) {
        (void)printf("removed because they were old: %s\n", removed);
    }
}

static int64_t failures_in(const struct job_run *run)
{
    return run == NULL ? 0 : (int64_t)run->failures.count;
}

static int status_of_failures(struct arena *arena, const struct sweep_report *report)
{
    const int64_t failures = failures_in(report->expiry) + failures_in(report->reminders);

    if (failures == 0) {
        return EX_OK;
    }
    (void)fprintf(stderr, "mentorwatch: %s could not be handled\n",
                  text_counted(arena, failures, "certification"));
    return EX_DATAERR;
}

/* Of several that fit, the one that asks most urgently for somebody. */
static int status_of(struct arena *arena, const struct sweep_report *report)
{
    const int failures = status_of_failures(arena, report);
    const int delivery = delivery_status(&report->delivery);

    if (report->miscounts > 0) {
        (void)fprintf(stderr, "mentorwatch: %" PRId64 " counts were wrong and have been repaired\n",
                      report->miscounts);
    }
    if (report->brake != NULL) {
        (void)fprintf(stderr, "mentorwatch: %s\n", report->brake);
    }
    if (report->brake != NULL && !report->dry_run) {
        return EX_TEMPFAIL;
    }
    if (delivery != EX_OK) {
        return delivery;
    }
    return failures == EX_OK && report->left != NULL ? EX_TEMPFAIL : failures;
}

int command_sweep(struct work *work, const struct command_line *line)
{
    const struct sweep_order order = {
        .dry_run = line->dry_run, .accept = line->accept, .other_time = line->as_of != NULL};
    struct progress progress = progress_begin();
    const struct sweep_watch nobody = {.context = NULL};
    const struct sweep_watch shown = {show_expiry, show_reminders, show_delivery, &progress};
    struct sweep_report report;

    if (line->as_of != NULL && !instant_parse(&work->now, line->as_of)) {
        (void)fprintf(stderr, "mentorwatch: --as-of takes a time such as 2026-03-01T00:00:00Z\n");
        return EX_USAGE;
    }
    const enum outcome outcome =
        sweep_run(&report, work, &order, progress.shown ? &shown : &nobody);
    progress_end(&progress);
    if (outcome != OK) {
        return command_failed(work, outcome);
    }
    if (line->json) {
        (void)printf("%s\n", sweep_json(work->arena, &report));
    } else if (line->verbose || isatty(STDERR_FILENO)) {
        print_summary(work->arena, &report);
    }
    return status_of(work->arena, &report);
}
