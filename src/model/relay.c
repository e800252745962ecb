/* SPDX-License-Identifier: MIT */
#include "model/relay.h"

static const struct field row_fields[] = {
    FIELD(struct relay, paused),
    FIELD(struct relay, stopped),
    FIELD(struct relay, failures),
    FIELD(struct relay, used),
};
const struct record relay_row = RECORD(struct relay, row_fields);

int64_t relay_room(const struct relay *relay, int64_t per_hour, int64_t wanted)
{
    if (per_hour == 0) {
        return wanted;
    }
    const int64_t room = per_hour > relay->used ? per_hour - relay->used : 0;
    return room < wanted ? room : wanted;
}
