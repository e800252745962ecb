/* SPDX-License-Identifier: MIT */
#include "api/cron.h"

#include "base/config.h"
#include "base/work.h"
#include "http/request.h"
#include "jobs/cron.h"

/* What came of a slice. */
struct slice {
    bool swept;
    int64_t sent;
    int64_t put_off;
    int64_t failed;
    int64_t queued;
    bool more;
    const char *says;
};

static const struct field slice_fields[] = {
    FIELD(struct slice, swept, .meaning = "Whether the day's sweep was due, and was begun"),
    FIELD(struct slice, sent, .meaning = "Messages that were delivered"),
    FIELD(struct slice, put_off, .meaning = "Messages that will be tried again later"),
    FIELD(struct slice, failed, .meaning = "Messages that can never be delivered"),
    FIELD(struct slice, queued, .meaning = "Messages that wait now"),
    FIELD(struct slice, more, .meaning = "Whether the time was up: call again soon"),
    FIELD(struct slice, says, .is = FIELD_NULLABLE | FIELD_FREE,
          .meaning = "What was refused or left to another run, and why"),
};
const struct record cron_slice = RECORD(struct slice, slice_fields);

enum outcome cron_start(struct request *request)
{
    struct work *work = request->work;
    struct cron_report report;

    TRY(cron_run_slice(&report, work, work->settings->api.cron_seconds));
    const struct slice slice = {
        .swept = report.swept,
        .sent = report.delivery.sent,
        .put_off = report.delivery.put_off,
        .failed = report.delivery.failed,
        .queued = report.delivery.queued,
        .more = report.more,
        .says = report.sweep.brake != NULL ? report.sweep.brake : report.sweep.left,
    };
    return reply(request, &cron_slice, &slice);
}
