/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "base/config.h"
#include "notify/http_client.h"
#include "notify/push_template.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test_push_template.XXXXXX";

static int make_folder(void **state)
{
    char path[64];

    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof(path), "%s/push", folder);
    return mkdir(path, 0700);
}

static int remove_folder(void **state)
{
    char path[64];

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/push/test.txt", folder);
    (void)unlink(path);
    (void)snprintf(path, sizeof(path), "%s/push", folder);
    (void)rmdir(path);
    return rmdir(folder);
}

static const struct message message = {.delivery_id = "d-1", .kind = "pause_lifted"};
static const struct letter letter = {.subject = "Åse \"Ny\"\r\nX-Evil: 1",
                                     .text = "Hei \"Åse\",\n\nto\\tre.\n"};

static enum outcome write_with(struct http_post *out, struct work *work, const char *template)
{
    const char *path = arena_printf(work->arena, "%s/push/test.txt", folder);
    static struct settings settings;
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_true(fputs(template, file) >= 0);
    assert_int_equal(fclose(file), 0);
    settings.notify.templates = folder;
    work->settings = &settings;
    *out = (struct http_post){0};
    return push_template_write(out, work, "test", &message, &letter);
}

static const char *header(const struct http_post *post, size_t n)
{
    assert_true(n < post->headers.count);
    return ((const char *const *)post->headers.items)[n];
}

static void test_a_text_stands_as_it_is(void **state)
{
    struct http_post post;

    assert_int_equal(
        write_with(&post, *state, "Content-Type: text/plain\nId: {{message_id}}\n\n{{text}}\n"),
        OK);
    assert_int_equal(post.headers.count, 2);
    assert_string_equal(header(&post, 1), "Id: d-1");
    assert_string_equal(post.body, "Hei \"Åse\",\n\nto\\tre.");
}

static void test_a_body_may_begin_with_a_section(void **state)
{
    struct http_post post;

    assert_int_equal(
        write_with(&post, *state, "Content-Type: text/plain\n\n{{#kind}}\n{{kind}}\n{{/kind}}\n"),
        OK);
    assert_string_equal(post.body, "pause_lifted");
}

static void test_a_value_stays_inside_its_json_text(void **state)
{
    struct http_post post;

    assert_int_equal(write_with(&post, *state,
                                "content-type: application/json; charset=utf-8\n\n"
                                "{\"kind\": \"{{kind}}\", \"text\": \"{{text}}\"}\n"),
                     OK);
    assert_string_equal(post.body, "{\"kind\": \"pause_lifted\", "
                                   "\"text\": \"Hei \\\"Åse\\\",\\n\\nto\\\\tre.\"}");
}

/* "Åse "Ny"  X-Evil: 1", by Python's base64. */
static void test_a_value_stays_inside_its_header(void **state)
{
    struct http_post post;

    assert_int_equal(write_with(&post, *state, "Content-Type: text/plain\nTitle: {{title}}\n\nx\n"),
                     OK);
    assert_int_equal(post.headers.count, 2);
    assert_string_equal(header(&post, 1), "Title: =?UTF-8?B?w4VzZSAiTnkiICBYLUV2aWw6IDE=?=");
}

static void test_a_broken_template_says_what_is_wrong(void **state)
{
    static const char *const cases[][2] = {
        {"Content-Type: text/plain\n",                               "has no empty line between headers and body"},
        {"Title: x\n\nx\n",                                          "has no header Content-Type"                },
        {"no header\n\nx\n",                                         "\"no header\" is not a header"             },
        {"Content-Type: text/plain\nX: {{nobody}}\n\n{{text}}\n",    "line 2: there is no {{nobody}}"            },
        {"Content-Type: text/plain\nX: y\n\n{{text}}\n{{nobody}}\n",
         "line 5: there is no {{nobody}}"                                                                        },
        {"Content-Type: text/plain\n\n{{#text}}\n",                  "line 3: {{#text}} is not closed"           },
    };
    struct work *work = *state;
    struct http_post post;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(write_with(&post, work, cases[i][0]), BROKEN);
        assert_non_null(strstr(work->failure.sentence, "push/test.txt"));
        assert_non_null(strstr(work->failure.sentence, cases[i][1]));
    }
    assert_int_equal(push_template_write(&post, work, "other", &message, &letter), BROKEN);
    assert_non_null(strstr(work->failure.sentence, "push/other.txt"));
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_text_stands_as_it_is),
        PROMISE(test_a_body_may_begin_with_a_section),
        PROMISE(test_a_value_stays_inside_its_json_text),
        PROMISE(test_a_value_stays_inside_its_header),
        PROMISE(test_a_broken_template_says_what_is_wrong),
    };
    return cmocka_run_group_tests(promises, make_folder, remove_folder);
}
