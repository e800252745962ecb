/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "api/schema.h"
#include "wire/json_writer.h"

struct loan {
    const char *loan_id;
    const char *state;
    const char *secret;
    int64_t days;
    struct instant due_at;
    struct list readers;
};

static const char *const state_words[] = {"open", "closed", NULL};

static const struct field reader_fields[] = {FIELD(struct loan, loan_id)};
static const struct record reader = RECORD(struct loan, reader_fields);

static const struct field item_fields[] = {
    FIELD(struct loan, loan_id, .min = 1, .max = 64, .meaning = "Names the loan"),
    FIELD(struct loan, state, .is = FIELD_NULLABLE, .words = state_words),
    FIELD(struct loan, secret, .is = FIELD_SECRET),
    FIELD(struct loan, due_at, .is = FIELD_OMITTED | FIELD_MILLIS),
    FIELD(struct loan, readers, .of = &reader),
};
static const struct record item = RECORD(struct loan, item_fields);

static const struct field loan_order_fields[] = {
    FIELD(struct loan, loan_id, .is = FIELD_REQUIRED, .min = 1, .max = 64),
    FIELD(struct loan, days, .min = 1, .max = 30, .fallback = "7"),
    FIELD(struct loan, due_at, .is = FIELD_DATE_TOO),
};
static const struct record order = RECORD(struct loan, loan_order_fields);

static const char *written(struct arena *arena, const struct record *record,
                           enum direction direction)
{
    struct json_writer to = json_writer_in(arena);

    put_object(&to, NULL);
    schema_put(&to, &(struct schema){.record = record, .direction = direction});
    put_end(&to);
    return json_writer_done(&to);
}

static void test_a_schema_is_named_by_each_word_once(void **state)
{
    struct arena *arena = ((const struct work *)*state)->arena;

    assert_string_equal(schema_name(arena, &item), "LoanItem");
    assert_string_equal(schema_name(arena, &order), "LoanOrder");
}

static void test_an_answer_has_all_keys_but_omitted_and_secret_ones(void **state)
{
    struct arena *arena = ((const struct work *)*state)->arena;

    assert_string_equal(written(arena, &item, SHOWN),
                        "{\n"
                        "  \"LoanItem\": {\n"
                        "    \"type\": \"object\",\n"
                        "    \"required\": [\n"
                        "      \"loan_id\",\n"
                        "      \"state\",\n"
                        "      \"readers\"\n"
                        "    ],\n"
                        "    \"properties\": {\n"
                        "      \"loan_id\": {\n"
                        "        \"type\": \"string\",\n"
                        "        \"description\": \"Names the loan\"\n"
                        "      },\n"
                        "      \"state\": {\n"
                        "        \"type\": [\n"
                        "          \"string\",\n"
                        "          \"null\"\n"
                        "        ],\n"
                        "        \"enum\": [\n"
                        "          \"open\",\n"
                        "          \"closed\",\n"
                        "          null\n"
                        "        ]\n"
                        "      },\n"
                        "      \"due_at\": {\n"
                        "        \"type\": \"string\",\n"
                        "        \"format\": \"date-time\",\n"
                        "        \"pattern\": \"^\\\\d{4}-\\\\d{2}-\\\\d{2}T"
                        "\\\\d{2}:\\\\d{2}:\\\\d{2}\\\\.\\\\d{3}Z$\"\n"
                        "      },\n"
                        "      \"readers\": {\n"
                        "        \"type\": \"array\",\n"
                        "        \"items\": {\"$ref\": \"#/components/schemas/LoanReader\"}\n"
                        "      }\n"
                        "    },\n"
                        "    \"additionalProperties\": false\n"
                        "  }\n"
                        "}\n");
}

static void test_an_input_has_bounds_and_fallbacks(void **state)
{
    struct arena *arena = ((const struct work *)*state)->arena;

    assert_string_equal(written(arena, &order, ACCEPTED),
                        "{\n"
                        "  \"LoanOrder\": {\n"
                        "    \"type\": \"object\",\n"
                        "    \"required\": [\n"
                        "      \"loan_id\"\n"
                        "    ],\n"
                        "    \"properties\": {\n"
                        "      \"loan_id\": {\n"
                        "        \"type\": \"string\",\n"
                        "        \"minLength\": 1,\n"
                        "        \"maxLength\": 64\n"
                        "      },\n"
                        "      \"days\": {\n"
                        "        \"type\": \"integer\",\n"
                        "        \"format\": \"int64\",\n"
                        "        \"minimum\": 1,\n"
                        "        \"maximum\": 30,\n"
                        "        \"default\": 7\n"
                        "      },\n"
                        "      \"due_at\": {\n"
                        "        \"anyOf\": [\n"
                        "          {\"type\": \"string\", \"format\": \"date-time\"},\n"
                        "          {\"type\": \"string\", \"format\": \"date\"}\n"
                        "        ]\n"
                        "      }\n"
                        "    },\n"
                        "    \"additionalProperties\": false\n"
                        "  }\n"
                        "}\n");
}

static void test_records_are_collected_once_with_those_that_they_hold(void **state)
{
    struct arena *arena = ((const struct work *)*state)->arena;
    struct list schemas = {0};

    schema_collect(&schemas, arena, &item, SHOWN);
    schema_collect(&schemas, arena, NULL, ACCEPTED);
    schema_collect(&schemas, arena, &reader, SHOWN);
    schema_collect(&schemas, arena, &item, SHOWN);
    const struct schema *found = schemas.items;
    assert_int_equal(schemas.count, 2);
    assert_ptr_equal(found[0].record, &item);
    assert_ptr_equal(found[1].record, &reader);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_a_schema_is_named_by_each_word_once),
        PROMISE(test_an_answer_has_all_keys_but_omitted_and_secret_ones),
        PROMISE(test_an_input_has_bounds_and_fallbacks),
        PROMISE(test_records_are_collected_once_with_those_that_they_hold),
    };
    return RUN_ALL(promises);
}
