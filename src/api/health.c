/* SPDX-License-Identifier: MIT */
#include "api/health.h"

#include "base/work.h"
#include "http/request.h"
#include "store/migration.h"

struct health {
    const char *status;
    const char *database;
    int64_t schema_version;
};

static const struct field health_fields[] = {
    FIELD(struct health, status, .meaning = "ok"),
};
const struct record health = RECORD(struct health, health_fields);

static const struct field readiness_fields[] = {
    FIELD(struct health, status, .meaning = "ok"),
    FIELD(struct health, database, .meaning = "ok"),
    FIELD(struct health, schema_version, .meaning = "The last migration that the database has"),
};
const struct record readiness = RECORD(struct health, readiness_fields);

enum outcome health_alive(struct request *request)
{
    return reply(request, &health, &(struct health){.status = "ok"});
}

enum outcome health_ready(struct request *request)
{
    struct health found = {.status = "ok", .database = "ok"};

    TRY(schema_is_current(&found.schema_version, request->work));
    return reply(request, &readiness, &found);
}
