/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/secret.h"

#include <sys/prctl.h>

static void test_a_secret_is_itself_alone(void **state)
{
    (void)state;
    assert_true(secret_is("open sesame", "open sesame"));
    assert_false(secret_is("open sesam", "open sesame"));
    assert_false(secret_is("open sesame!", "open sesame"));
    assert_false(secret_is("", "open sesame"));
}

static void test_no_core_file_is_written(void **state)
{
    (void)state;
#ifdef WITHOUT_DUMPS
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
    secrets_out_of_dumps();
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_secret_is_itself_alone),
        PROMISE(test_no_core_file_is_written),
    };

    return RUN_ALL(promises);
}
