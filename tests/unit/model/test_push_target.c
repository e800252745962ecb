/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "model/push_target.h"

static void test_an_address_alone_is_a_webhook(void **state)
{
    const struct work *work = *state;
    struct push_target target;

    assert_true(push_target_parse(&target, work->arena, "https://example.org/hook?a=b"));
    assert_null(target.template);
    assert_string_equal(target.url, "https://example.org/hook?a=b");
}

static void test_a_name_before_it_is_a_template(void **state)
{
    const struct work *work = *state;
    struct push_target target;

    assert_true(push_target_parse(&target, work->arena, "ntfy:https://ntfy.sh/topic"));
    assert_string_equal(target.template, "ntfy");
    assert_string_equal(target.url, "https://ntfy.sh/topic");
    assert_true(push_target_parse(&target, work->arena, "our_own-2:http://127.0.0.1:81/"));
    assert_string_equal(target.template, "our_own-2");
}

/* The name becomes part of a file's path. */
static void test_nothing_else_is_a_target(void **state)
{
    static const char *const cases[] = {
        "",
        "example.org",
        "mailto:kari@example.org",
        "ntfy:",
        "ntfy:topic",
        ":https://example.org",
        "Ntfy:https://example.org",
        "../ntfy:https://example.org",
        "a/b:https://example.org",
        "a.b:https://example.org",
        "a b:https://example.org",
        "ntfy: https://example.org",
        "ntfy:gotify:https://example.org",
        "ntfy:https://",
        "abcdefghijklmnopqrstuvwxyz0123456:https://example.org",
        "https://example.org/\n",
    };
    const struct work *work = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (push_target_check(cases[i], work->arena) == NULL) {
            fail_msg("\"%s\" was taken", cases[i]);
        }
    }
    assert_null(
        push_target_check("abcdefghijklmnopqrstuvwxyz012345:https://example.org", work->arena));
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_an_address_alone_is_a_webhook),
        PROMISE(test_a_name_before_it_is_a_template),
        PROMISE(test_nothing_else_is_a_target),
    };
    return RUN_ALL(promises);
}
