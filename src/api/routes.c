/* SPDX-License-Identifier: MIT */
#include "api/routes.h"

#include "api/certifications.h"
#include "api/health.h"
#include "model/certification.h"
#include "model/job.h"

#define CERTIFICATIONS "/api/v1/certifications"

/* One row an endpoint, however long. */
/* clang-format off */
const struct route routes[] = {
    /* method, path, unit, accepts, shows, check, handler, summary */
    {GET,    CERTIFICATIONS,                      READING, &certification_filter, &certification_item,    NULL,                certification_index,  "List mentor certifications with optional filters"},
    {GET,    CERTIFICATIONS "/:id",               READING, NULL,                  &certification_detail,  NULL,                certification_read,   "Get a specific certification record"},
    {POST,   CERTIFICATIONS,                      WRITING, &certification_input,  &certification_created, certification_check, certification_create, "Record a new certification for a mentor"},
    {PUT,    CERTIFICATIONS "/:id",               WRITING, &certification_change, &certification_detail,  NULL,                certification_update, "Update a certification record (e.g. renew expiry date)"},
    {DELETE, CERTIFICATIONS "/:id",               WRITING, NULL,                  &certification_deleted, NULL,                certification_remove, "Remove a certification record"},
    {POST,   CERTIFICATIONS "/expiry-job/run",    NO_UNIT, &job_order,            &expiry_run,            NULL,                expiry_job_start,     "Manually trigger the certification expiry auto-pause job"},
    {GET,    CERTIFICATIONS "/expiry-job/logs",   READING, &expiry_log_filter,    &expiry_log,            NULL,                expiry_log_index,     "List auto-pause event logs from expiry job runs"},

    {GET,    "/healthz",                          NO_UNIT, NULL,                  &health,                NULL,                health_alive,         "Whether the program answers"},
    {GET,    "/readyz",                           READING, NULL,                  &readiness,             NULL,                health_ready,         "Whether it can work: the database is there and its schema is new enough"},
};
/* clang-format on */

const size_t route_count = sizeof(routes) / sizeof(routes[0]);
