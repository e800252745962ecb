/* SPDX-License-Identifier: MIT */
#include "cli/delivery.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

void delivery_print(const struct delivery_count *count)
{
    (void)printf("messages: %" PRId64 " sent, %" PRId64 " put off, %" PRId64 " failed, %" PRId64
                 " waiting",
                 count->sent, count->put_off, count->failed, count->queued);
    if (count->superseded > 0) {
        (void)printf(", %" PRId64 " no longer true", count->superseded);
    }
    if (count->held > 0) {
        (void)printf(", %" PRId64 " held", count->held);
    }
    (void)puts(count->capped ? "; this hour's mails are used up" : "");
}

int delivery_status(const struct delivery_count *count)
{
    if (count->relay_away) {
        (void)fprintf(stderr,
                      "mentorwatch: the mail server could not be reached; messages that wait: "
                      "%" PRId64 "\n",
                      count->queued);
        return EX_UNAVAILABLE;
    }
    if (count->failed > 0) {
        (void)fprintf(stderr,
                      "mentorwatch: messages that can never be delivered: %" PRId64
                      " (mentorwatch outbox list --state failed)\n",
                      count->failed);
        return EX_DATAERR;
    }
    return EX_OK;
}
