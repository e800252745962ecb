/* SPDX-License-Identifier: MIT */
#include "http/cgi.h"

#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct cgi_gateway {
    struct gateway gateway; /* first: the service sees only this */
    size_t left;            /* of the body, by CONTENT_LENGTH; without one it goes to its end */
};

static const char *get_variable(struct gateway *gateway, const char *name)
{
    (void)gateway;
    return getenv(name);
}

static size_t read_body(struct gateway *gateway, char *bytes, size_t size)
{
    struct cgi_gateway *self = (struct cgi_gateway *)gateway;
    const size_t wanted = size < self->left ? size : self->left;
    const size_t got = fread(bytes, 1, wanted, stdin);

    self->left -= got;
    return got;
}

static bool write_answer(struct gateway *gateway, const char *bytes, size_t length)
{
    (void)gateway;
    return fwrite(bytes, 1, length, stdout) == length && fflush(stdout) == 0;
}

static void end_request(struct gateway *gateway)
{
    (void)gateway;
}

void cgi_serve(const struct service *service)
{
    struct cgi_gateway gateway = {
        .gateway = {get_variable, read_body, write_answer, end_request},
          .left = SIZE_MAX
    };
    const char *length = getenv("CONTENT_LENGTH");
    int64_t bytes;

    if (length != NULL && text_to_int(length, &bytes) && bytes >= 0) {
        gateway.left = (size_t)bytes;
    }
    void *worker = service->open(service->context);
    service->serve(worker, &gateway.gateway);
    if (service->finish != NULL) {
        service->finish(worker);
    }
    service->close(worker);
}
