/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/text.h"
#include "notify/http_client.h"
#include "notify/webhook.h"

/* The vector that the libraries of Standard Webhooks share. */
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
/* The bytes 0, 1, … 63; computed by Python's hmac. */
#define OTHER_SECRET                                                                               \
    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+"   \
    "Pw="                                                                                          \
    "="
static const char signature_of_secret[] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
static const char signature_of_other[] = "v1,LZ5zuwHTqQH3VM8ERUusjzVQq1FXzemvpR8Mk7Ivp5c=";

static const char *sign(const struct work *work, const char *secrets)
{
    const struct webhook_keys keys = webhook_keys_open(secrets);
    const char *signature = webhook_signature(work->arena, &keys, "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                              1614265330, "{\"test\": 2432232314}");

    webhook_keys_close(&keys);
    return signature;
}

static void test_a_signature_is_what_others_compute(void **state)
{
    const struct work *work = *state;

    assert_string_equal(sign(work, SECRET), signature_of_secret);
    assert_string_equal(sign(work, OTHER_SECRET), signature_of_other);
}

static void test_each_secret_signs(void **state)
{
    const struct work *work = *state;

    assert_string_equal(
        sign(work, SECRET " " OTHER_SECRET),
        arena_printf(work->arena, "%s %s", signature_of_secret, signature_of_other));
    assert_string_equal(sign(work, ""), "");
}

static void test_a_key_that_is_missing_is_noticed(void **state)
{
    const struct webhook_keys whole = webhook_keys_open(SECRET " " OTHER_SECRET);
    const struct webhook_keys half = webhook_keys_open(SECRET " whsec_?");

    (void)state;
    assert_false(whole.incomplete);
    assert_true(half.incomplete);
    webhook_keys_close(&whole);
    webhook_keys_close(&half);
}

static const char *header_of(const struct http_post *post, const char *name)
{
    const char *const *headers = post->headers.items;

    for (size_t i = 0; i < post->headers.count; i++) {
        if (strncmp(headers[i], name, strlen(name)) == 0) {
            return headers[i] + strlen(name);
        }
    }
    return NULL;
}

static void test_a_message_has_its_own_id_and_is_signed_as_it_goes_out(void **state)
{
    struct work *work = *state;
    const struct message message = {
        .delivery_id = "d-1",
        .kind = "pause_activated",
        .recipient_role = "mentor",
        .recipient_id = "mentor-1",
        .created_at = {INT64_C(63000000000000)},
    };
    const struct letter letter = {
        .subject = "På \"pause\"",
        .text = "Hei\n",
        .facts = {.recipient_name = "K\"", .mentor_id = "mentor-1", .days_remaining = -2},
    };
    const struct webhook_keys keys = webhook_keys_open(SECRET);
    struct http_post post = {0};
    int64_t timestamp;

    assert_true(webhook_write(&post, work->arena, &keys, &message, &letter));
    assert_string_equal(header_of(&post, "webhook-id: "), "d-1");
    assert_string_equal(header_of(&post, "Content-Type: "), "application/json");
    assert_true(text_to_int(header_of(&post, "webhook-timestamp: "), &timestamp));
    assert_string_equal(header_of(&post, "webhook-signature: "),
                        webhook_signature(work->arena, &keys, "d-1", timestamp, post.body));
    assert_non_null(strstr(post.body, "\"type\": \"pause_activated\""));
    assert_non_null(strstr(post.body, "\"title\": \"På \\\"pause\\\"\""));
    assert_non_null(strstr(post.body, "\"mentor_id\": \"mentor-1\""));
    assert_non_null(strstr(post.body, "\"recipient_name\":\"K\\\"\""));
    assert_non_null(strstr(post.body, "\"days_remaining\":-2"));
    webhook_keys_close(&keys);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_signature_is_what_others_compute),
        PROMISE(test_each_secret_signs),
        PROMISE(test_a_key_that_is_missing_is_noticed),
        PROMISE(test_a_message_has_its_own_id_and_is_signed_as_it_goes_out),
    };
    return RUN_ALL(promises);
}
