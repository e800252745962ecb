/* SPDX-License-Identifier: MIT */
#include "http/deed.h"

#include "base/arena.h"
#include "base/work.h"
#include "http/request.h"
#include "http/together.h"
#include "store/audit.h"

const char *deed_name(const struct request *request)
{
    const struct route *route = request->route;

    return route->method == GET ? NULL
                                : arena_printf(request->work->arena, "%s %s",
                                               method_name(route->method), route->path);
}

static const char *about(const struct request *request)
{
    return request->about != NULL ? request->about : request_value(request, 0);
}

enum outcome deed_record(const struct request *request)
{
    return audit_add(request->work, about(request));
}

enum outcome deeds_record(struct work *work, const struct requests *requests)
{
    struct audited deeds[MOST_GATHERED];
    size_t count = 0;

    for (size_t i = 0; i < requests->count; i++) {
        const struct request *request = requests->at[i];
        if (!request->apart) {
            deeds[count++] = (struct audited){.by = request->work, .about = about(request)};
        }
    }
    return audit_add_all(work, (struct list){.items = deeds, .count = count});
}
