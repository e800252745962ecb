/* SPDX-License-Identifier: MIT */
#include "jobs/overview.h"

#include "jobs/expiry.h"
#include "jobs/reminders.h"
#include "store/figures.h"

enum outcome overview_read(struct figures *out, struct work *work)
{
    TRY(figures_read(out, work));
    TRY(expiries_due_count(&out->certifications_due, work));
    return reminders_due_count(&out->reminders_due, work);
}
