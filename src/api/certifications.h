/* SPDX-License-Identifier: MIT */
/* Contract 5: certifications and the expiry job. Handlers in the order of the route table. */
#ifndef MENTORWATCH_API_CERTIFICATIONS_H
#define MENTORWATCH_API_CERTIFICATIONS_H

#include "http/route.h"

struct together;

handler certification_index;
handler certification_read;
handler certification_check;
handler certification_create;
handler certification_update;
handler certification_remove;
handler expiry_job_start;
handler expiry_log_index;

/* Several of certification_create at once. */
extern struct together certifications_together;

#endif
