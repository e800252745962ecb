/* SPDX-License-Identifier: MIT */
#include "model/audit.h"

static const struct field line_fields[] = {
    FIELD(struct audit_line, done_at),
    FIELD(struct audit_line, actor),
    FIELD(struct audit_line, role),
    FIELD(struct audit_line, address, .is = FIELD_NULLABLE),
    FIELD(struct audit_line, request_id, .is = FIELD_NULLABLE),
    FIELD(struct audit_line, deed),
    FIELD(struct audit_line, about, .is = FIELD_NULLABLE),
};
const struct record audit_line = RECORD(struct audit_line, line_fields);
