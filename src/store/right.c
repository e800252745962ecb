/* SPDX-License-Identifier: MIT */
#include "store/right.h"

#define READS   "SELECT"
#define ADDS    READS ", INSERT"
#define UPDATES ADDS ", UPDATE"
#define CHANGES UPDATES ", DELETE"

const struct table_right table_rights[] = {
    {"audit",                ADDS,                     ADDS                    },
    {"certifications",       CHANGES,                  "SELECT, UPDATE"        },
    {"coordinators",         READS,                    READS                   },
    {"counts",               CHANGES,                  CHANGES                 },
    {"decisions",            UPDATES,                  UPDATES                 },
    {"delivery_counters",    UPDATES,                  UPDATES                 },
    {"ended_push_targets",   UPDATES,                  UPDATES                 },
    {"expiry_logs",          UPDATES,                  UPDATES                 },
    {"expiry_notifications", CHANGES,                  UPDATES                 },
    {"idempotency_keys",     CHANGES,                  "SELECT, DELETE"        },
    {"job_runs",             UPDATES,                  UPDATES                 },
    {"leases",               UPDATES,                  UPDATES                 },
    {"mentor_locks",         UPDATES,                  UPDATES                 },
    {"mentors",              READS,                    READS                   },
    {"message_attempts",     ADDS,                     ADDS                    },
    {"messages",             UPDATES,                  UPDATES                 },
    {"organisations",        READS,                    READS                   },
    {"pause_events",         CHANGES,                  UPDATES                 },
    {"pauses",               UPDATES,                  UPDATES                 },
    {"relays",               UPDATES,                  UPDATES                 },
    {"reminders",            UPDATES,                  UPDATES                 },
    {"schema_migrations",    READS,                    READS                   },
    {"sweeps",               UPDATES,                  UPDATES                 },
    {"unit_marks",           "SELECT, INSERT, DELETE", "SELECT, INSERT, DELETE"},
};
const size_t table_right_count = sizeof(table_rights) / sizeof(table_rights[0]);
