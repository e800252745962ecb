/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/endpoint.h"
#include "base/text.h"

static const char *shown(struct arena *arena, const char *text)
{
    struct list list;
    struct text out = text_in(arena);

    if (!endpoints_parse(&list, arena, text)) {
        return "refused";
    }
    const struct endpoint *endpoints = list.items;
    for (size_t i = 0; i < list.count; i++) {
        text_add_format(&out, "%s%s %lld", i > 0 ? ", " : "", endpoints[i].host,
                        (long long)endpoints[i].port);
    }
    return text_done(&out);
}

static void test_hosts_come_in_their_order_with_the_ports_they_name(void **state)
{
    static const char *const cases[][2] = {
        {"",                         ""                         },
        {"db1",                      "db1 0"                    },
        {"db1:3307",                 "db1 3307"                 },
        {"db1,db2:1,127.0.0.1:3",    "db1 0, db2 1, 127.0.0.1 3"},
        {" db1 , db-2.example.org ", "db1 0, db-2.example.org 0"},
        {"[2001:db8::1]:3307,[::1]", "2001:db8::1 3307, ::1 0"  },
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(shown(work->arena, cases[i][0]), cases[i][1]);
        assert_null(endpoints_check(cases[i][0], work->arena));
    }
}

static void test_what_is_no_host_is_refused(void **state)
{
    static const char *const bad[] = {
        " ",        ",",
        "db1,",     ",db1",
        "db1,,db2", "db1:",
        "db1:0",    "db1:65536",
        "db1:x",    ":3306",
        "a b",      "2001:db8::1",
        "[::1",     "[::1]3306",
        "[]",       "[db1]:3306",
        "db1:1:2",  "/run/db.sock",
        "db1;db2",  "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q",
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (endpoints_check(bad[i], work->arena) == NULL) {
            fail_msg("\"%s\" was taken", bad[i]);
        }
    }
}

static void test_a_host_is_written_as_it_is_read(void **state)
{
    static const char *const cases[] = {"db1", "db1:3307", "[2001:db8::1]", "[2001:db8::1]:3307"};
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct list hosts;
        assert_true(endpoints_parse(&hosts, work->arena, cases[i]));
        assert_string_equal(endpoint_format(work->arena, hosts.items), cases[i]);
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_hosts_come_in_their_order_with_the_ports_they_name),
        PROMISE(test_what_is_no_host_is_refused),
        PROMISE(test_a_host_is_written_as_it_is_read),
    };
    return RUN_ALL(promises);
}
