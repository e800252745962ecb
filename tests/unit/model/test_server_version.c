/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "model/server_version.h"

static void test_mariadb_10_6_and_mysql_8_0_and_later_will_do(void **state)
{
    static const struct {
        const char *version;
        const char *name;
        bool will_do;
    } cases[] = {
        {"10.11.6-MariaDB-0+deb12u1", "MariaDB 10.11.6", true },
        {"10.6.0-MariaDB",            "MariaDB 10.6.0",  true },
        {"10.5.23-MariaDB",           "MariaDB 10.5.23", false},
        {"9.9.9-MariaDB",             "MariaDB 9.9.9",   false},
        {"11.0.2-MariaDB-log",        "MariaDB 11.0.2",  true },
        {"8.0.36",                    "MySQL 8.0.36",    true },
        {"8.0.36-0ubuntu0.22.04.1",   "MySQL 8.0.36",    true },
        {"9.7.4",                     "MySQL 9.7.4",     true },
        {"5.7.44-log",                "MySQL 5.7.44",    false},
        {"",                          "MySQL ",          false},
        {"8",                         "MySQL 8",         false},
        {"eight.0",                   "MySQL eight.0",   false},
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(server_version_will_do(work->arena, cases[i].version), cases[i].will_do);
        assert_string_equal(server_version_name(work->arena, cases[i].version), cases[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_mariadb_10_6_and_mysql_8_0_and_later_will_do),
    };
    return RUN_ALL(promises);
}
