/* SPDX-License-Identifier: MIT */
/* How handing a message over to the other side ended, whatever the channel. */
#ifndef MENTORWATCH_NOTIFY_DELIVERY_H
#define MENTORWATCH_NOTIFY_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

enum delivery {
    DELIVERED,    /* the other side accepted it */
    PUT_OFF,      /* a temporary refusal: try again later */
    UNKNOWN,      /* it was handed over and the answer was lost: it may have arrived; try again */
    REFUSED,      /* never for this address */
    TARGET_ENDED, /* never again for this push target: 410 */
    RELAY_AWAY, /* the mail relay cannot be reached, is busy (421), or will not take our login, our
                 * TLS or our sender: other mails need not try now */
    BROKEN_OFF, /* the mail relay took our sender and then broke off: is it away, or does this very
                 * recipient make it do so? This mail is tried later, and others not just now */
    CUT_SHORT,  /* we end (transfers_cut), and nothing was handed over */
};

struct delivery_reply {
    const char *detail;   /* one line for the attempt's record, in the arena */
    int64_t wait_seconds; /* how long the other side asks us to wait; 0: it does not say */
    bool relay_asked;     /* email: it came as far as the relay */
};

#endif
