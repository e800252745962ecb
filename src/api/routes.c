/* SPDX-License-Identifier: MIT */
#include "api/routes.h"

#include "api/certifications.h"
#include "api/cron.h"
#include "api/expiry_notifications.h"
#include "api/health.h"
#include "api/in_app.h"
#include "api/metrics.h"
#include "api/openapi.h"
#include "api/pause_dispatch.h"
#include "api/pause_events.h"
#include "api/reminders.h"
#include "base/actor.h"
#include "model/certification.h"
#include "model/dispatch.h"
#include "model/expiry_notification.h"
#include "model/inbox.h"
#include "model/job.h"
#include "model/pause.h"
#include "model/reminder.h"

#define PAUSES         "/api/v1/pause-notifications"
#define NOTIFICATIONS  "/api/v1/expiry-notifications"
#define REMINDERS      "/api/v1/certification-reminders"
#define CERTIFICATIONS "/api/v1/certifications"
#define IN_APP         "/api/v1/in-app-notifications"

/* The roles of contract 2. */
#define ADMINS    (ROLE_ORG_ADMIN | ROLE_GLOBAL_ADMIN)
#define STAFF     (ROLE_COORDINATOR | ADMINS)
#define OWN_STAFF (ROLE_COORDINATOR | ROLE_ORG_ADMIN)

/* Whoever is signed in. */
#define READERS (STAFF | ROLE_MENTOR)

/* One row an endpoint, however long. */
/* clang-format off */
const struct route routes[] = {
    /* method, path, who, unit, answers, accepts, shows, check, handler, together, summary */
    {POST,   PAUSES "/pause-activated",         PUBLIC,            WRITING, ONE,     &pause_activated_order,      &dispatch,                    dispatch_check,            dispatch_pause_activated,      NULL,                     "Send notification when a mentor pause is activated"},
    {POST,   PAUSES "/pause-lifted",            PUBLIC,            WRITING, ONE,     &pause_lifted_order,         &dispatch,                    dispatch_check,            dispatch_pause_lifted,         NULL,                     "Send notification when a mentor's pause is lifted"},
    {POST,   PAUSES "/cert-expiry",             PUBLIC,            WRITING, ONE,     &cert_expiry_order,          &dispatch,                    dispatch_check,            dispatch_cert_expiry,          NULL,                     "Send notification that a mentor's certification has expired"},
    {POST,   PAUSES "/cert-expiry-reminder",    PUBLIC,            WRITING, ONE,     &cert_expiry_reminder_order, &dispatch_reminder,           dispatch_check,            dispatch_cert_expiry_reminder, NULL,                     "Send advance warning that a mentor's certification will expire soon"},

    {GET,    PAUSES,                            STAFF,             READING, LIST,    &pause_event_filter,         &pause_event_item,            NULL,                      pause_event_index,             NULL,                     "List all pause notification events with pagination"},
    {GET,    PAUSES "/:id",                     STAFF,             READING, ONE,     NULL,                        &pause_event_detail,          NULL,                      pause_event_read,              NULL,                     "Get details of a specific pause notification event"},
    {POST,   PAUSES,                            OWN_STAFF,         WRITING, CREATED, &pause_event_input,          &pause_event_created,         pause_event_check,         pause_event_create,            NULL,                     "Manually trigger a pause activation notification (handlePauseActivated)"},
    {PUT,    PAUSES "/:id",                     ADMINS,            WRITING, ONE,     &pause_event_change,         &pause_event_updated,         NULL,                      pause_event_update,            NULL,                     "Update a pause notification event (e.g. correct reason or effective date)"},
    {DELETE, PAUSES "/:id",                     ROLE_GLOBAL_ADMIN, WRITING, ONE,     NULL,                        &pause_event_removal,         NULL,                      pause_event_remove,            NULL,                     "Delete a pause notification record"},
    {GET,    PAUSES "/resolve-coordinator/:peer_mentor_id", STAFF, READING, ONE,     NULL,                        &responsible_coordinator,     NULL,                      coordinator_resolve,           NULL,                     "Resolve the responsible coordinator for a given peer mentor (resolveCoordinator)"},

    {GET,    NOTIFICATIONS,                     PUBLIC,            READING, LIST,    &expiry_notification_filter, &expiry_notification,         NULL,                      expiry_notification_index,     NULL,                     "List expiry notification records. Filterable by mentor, coordinator, and status."},
    {GET,    NOTIFICATIONS "/:notification_id", PUBLIC,            READING, ONE,     NULL,                        &expiry_notification,         NULL,                      expiry_notification_read,      NULL,                     "Get a specific notification record by ID."},
    {POST,   NOTIFICATIONS,                     PUBLIC,            WRITING, CREATED, &expiry_notification_input,  &expiry_notification,         expiry_notification_check, expiry_notification_create,    NULL,                     "Create a new expiry notification record when a threshold is triggered."},
    {PUT,    NOTIFICATIONS "/:notification_id", PUBLIC,            WRITING, ONE,     &expiry_notification_change, &expiry_notification,         acknowledger_check,        expiry_notification_update,    NULL,                     "Acknowledge or update an expiry notification record."},
    {DELETE, NOTIFICATIONS "/:notification_id", PUBLIC,            WRITING, ONE,     NULL,                        &expiry_notification_removal, NULL,                      expiry_notification_remove,    NULL,                     "Delete a notification record."},

    {GET,    REMINDERS,                         PUBLIC,            READING, LIST,    &reminder_filter,            &reminder_item,               NULL,                      reminder_index,                NULL,                     "List all sent certification reminders with optional filters"},
    {GET,    REMINDERS "/:id",                  PUBLIC,            READING, ONE,     NULL,                        &reminder_detail,             NULL,                      reminder_read,                 NULL,                     "Get a single reminder record"},
    {POST,   REMINDERS,                         PUBLIC,            WRITING, CREATED, &reminder_input,             &reminder_created,            reminder_check_people,     reminder_create,               NULL,                     "Send a certification expiry reminder to a mentor (maps to sendExpiryReminder)"},
    {PUT,    REMINDERS "/:id",                  PUBLIC,            WRITING, ONE,     &reminder_change,            &reminder_updated,            NULL,                      reminder_update,               NULL,                     "Update a reminder record (e.g. mark as acknowledged)"},
    {DELETE, REMINDERS "/:id",                  PUBLIC,            WRITING, ONE,     NULL,                        &reminder_deleted,            NULL,                      reminder_remove,               NULL,                     "Delete a reminder record"},
    {GET,    REMINDERS "/upcoming",             PUBLIC,            READING, LIST,    &upcoming_filter,            &upcoming_expiration,         NULL,                      upcoming_index,                NULL,                     "Get mentors with upcoming certification expirations (maps to getUpcomingExpirations)"},
    {POST,   REMINDERS "/check",                PUBLIC,            NO_UNIT, ONE,     &job_order,                  &reminder_check,              NULL,                      reminders_job_start,           NULL,                     "Trigger the daily expiry check manually (maps to runDailyExpiryCheck)"},
    {GET,    REMINDERS "/sent-check",           PUBLIC,            READING, ONE,     &sent_check_query,           &sent_check,                  sent_check_people,         sent_check_read,               NULL,                     "Check whether a reminder has already been sent for a mentor at a given threshold (maps to hasReminderBeenSent)"},

    {GET,    CERTIFICATIONS,                    PUBLIC,            READING, LIST,    &certification_filter,       &certification_item,          NULL,                      certification_index,           NULL,                     "List mentor certifications with optional filters"},
    {GET,    CERTIFICATIONS "/:id",             PUBLIC,            READING, ONE,     NULL,                        &certification_detail,        NULL,                      certification_read,            NULL,                     "Get a specific certification record"},
    {POST,   CERTIFICATIONS,                    PUBLIC,            WRITING, CREATED, &certification_input,        &certification_created,       certification_check,       certification_create,          &certifications_together, "Record a new certification for a mentor"},
    {PUT,    CERTIFICATIONS "/:id",             PUBLIC,            WRITING, ONE,     &certification_change,       &certification_updated,       NULL,                      certification_update,          NULL,                     "Update a certification record (e.g. renew expiry date)"},
    {DELETE, CERTIFICATIONS "/:id",             PUBLIC,            WRITING, ONE,     NULL,                        &certification_deleted,       NULL,                      certification_remove,          NULL,                     "Remove a certification record"},
    {POST,   CERTIFICATIONS "/expiry-job/run",  PUBLIC,            NO_UNIT, ONE,     &job_order,                  &expiry_run,                  NULL,                      expiry_job_start,              NULL,                     "Manually trigger the certification expiry auto-pause job"},
    {GET,    CERTIFICATIONS "/expiry-job/logs", PUBLIC,            READING, LIST,    &expiry_log_filter,          &expiry_log,                  NULL,                      expiry_log_index,              NULL,                     "List auto-pause event logs from expiry job runs"},

    {GET,    IN_APP,                            READERS,           READING, LIST,    &inbox_filter,               &inbox_item,                  NULL,                      in_app_index,                  NULL,                     "List the in-app messages to yourself"},
    {POST,   IN_APP "/:id/read",                READERS,           WRITING, ONE,     NULL,                        &inbox_item,                  NULL,                      in_app_mark_read,              NULL,                     "Mark an in-app message to yourself as read"},

    {POST,   "/api/v1/cron",                    SERVICE,           NO_UNIT, ONE,     NULL,                        &cron_slice,                  NULL,                      cron_start,                    NULL,                     "Do a part of what cron does: the day's sweep, then deliver, for some seconds"},

    {GET,    "/healthz",                        ANYBODY,           NO_UNIT, ONE,     NULL,                        &health,                      NULL,                      health_alive,                  NULL,                     "Whether the program answers"},
    {GET,    "/readyz",                         ANYBODY,           READING, ONE,     NULL,                        &readiness,                   NULL,                      health_ready,                  NULL,                     "Whether it can work: the database is there and its schema is new enough"},
    {GET,    "/metrics",                        PUBLIC,            READING, TEXT,    NULL,                        NULL,                         NULL,                      metrics_read,                  NULL,                     "Figures for Prometheus: sweeps, what is due, the queue, attempts to deliver"},
    {GET,    "/openapi.json",                   ANYBODY,           NO_UNIT, ONE,     NULL,                        NULL,                         NULL,                      openapi_read,                  NULL,                     "This description of the API"},
};
/* clang-format on */

const size_t route_count = sizeof(routes) / sizeof(routes[0]);
