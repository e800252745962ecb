/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "notify/template_file.h"

#include <stdio.h>
#include <unistd.h>

static const char *write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* A name that nothing has yet. */
static const char *new_path(struct arena *arena)
{
    char *path = arena_text(arena, "test-template-XXXXXX");
    const int file = mkstemp(path);

    assert_true(file >= 0);
    assert_int_equal(close(file), 0);
    assert_int_equal(unlink(path), 0);
    return path;
}

static void test_what_is_on_the_shelf_stays_as_it_was_read(void **state)
{
    struct work *work = *state;
    struct template_shelf *shelf = template_shelf_new(work->arena);
    const char *path = new_path(work->arena);
    char *text;

    (void)write_file(path, "once\r\n");
    assert_int_equal(template_shelf_read(&text, work, shelf, path), OK);
    (void)write_file(path, "twice\n");
    assert_int_equal(template_shelf_read(&text, work, shelf, path), OK);
    assert_string_equal(text, "once\n");
    assert_int_equal(template_shelf_read(&text, work, NULL, path), OK);
    assert_string_equal(text, "twice\n");
    shelf = template_shelf_new(work->arena);
    assert_int_equal(template_shelf_read(&text, work, shelf, path), OK);
    assert_string_equal(text, "twice\n");
    assert_int_equal(unlink(path), 0);
}

static void test_what_was_missing_is_missing_on_the_shelf_alone(void **state)
{
    struct work *work = *state;
    struct template_shelf *shelf = template_shelf_new(work->arena);
    const char *path = new_path(work->arena);
    const char *other = new_path(work->arena);
    char *text;

    assert_int_equal(template_shelf_read(&text, work, shelf, path), NOT_FOUND);
    (void)write_file(path, "late\n");
    (void)write_file(other, "other\n");
    assert_int_equal(template_shelf_read(&text, work, shelf, path), NOT_FOUND);
    assert_int_equal(template_shelf_read(&text, work, shelf, other), OK);
    assert_string_equal(text, "other\n");
    assert_int_equal(template_shelf_read(&text, work, template_shelf_new(work->arena), path), OK);
    assert_string_equal(text, "late\n");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(other), 0);
}

static void test_what_cannot_be_used_is_read_again(void **state)
{
    struct work *work = *state;
    struct template_shelf *shelf = template_shelf_new(work->arena);
    const char *path = write_file(new_path(work->arena), "\xFF\n");
    char *text;

    assert_int_equal(template_shelf_read(&text, work, shelf, path), BROKEN);
    (void)write_file(path, "mended\n");
    assert_int_equal(template_shelf_read(&text, work, shelf, path), OK);
    assert_string_equal(text, "mended\n");
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_what_is_on_the_shelf_stays_as_it_was_read),
        PROMISE(test_what_was_missing_is_missing_on_the_shelf_alone),
        PROMISE(test_what_cannot_be_used_is_read_again),
    };

    return RUN_ALL(promises);
}
