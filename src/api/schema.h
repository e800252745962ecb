/* SPDX-License-Identifier: MIT */
/* Records as JSON schemas (2020-12), the part of OpenAPI that says what bodies and parameters hold.
 * A schema stands once among the components, under its record's name; all others refer to it. */
#ifndef MENTORWATCH_API_SCHEMA_H
#define MENTORWATCH_API_SCHEMA_H

#include "base/record.h"

struct arena;
struct json_writer;

/* The same record makes other promises as input than as an answer: required, lengths. */
enum direction { ACCEPTED, SHOWN };

struct schema {
    const struct record *record;
    enum direction direction;
};

/* Note a record, with those that it holds, in a list of struct schema, each once. NULL: nothing. */
void schema_collect(struct list *schemas, struct arena *arena, const struct record *record,
                    enum direction direction);

/* "struct loan item_fields" → "LoanItem". Each word counts once: "struct loan_input input_fields"
 * is "LoanInput". */
const char *schema_name(struct arena *arena, const struct record *record);

/* "LoanItem": {…} */
void schema_put(struct json_writer *to, const struct schema *schema);

/* {"$ref": the record's schema} */
void schema_put_reference(struct json_writer *to, const char *key, const struct record *record);
/* The same for a change, which names at least one key though it need not be any one of them. */
void schema_put_change(struct json_writer *to, const char *key, const struct record *record);

/* {"$ref": "#/components/KIND/NAME"} */
void put_component(struct json_writer *to, const char *key, const char *kind, const char *name);

/* What a query parameter may be. */
void schema_put_parameter(struct json_writer *to, const char *key, const struct field *field);

#endif
