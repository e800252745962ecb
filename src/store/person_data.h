/* SPDX-License-Identifier: MIT */
/* All that is stored about one person, to be handed out (GDPR, article 15) or erased (article 17).
 * A person is whom the directory knows, or has known, under one id: a mentor, a coordinator, or
 * both.
 *
 * Whoever adds a table or a column that names a person adds it here, too: tests/e2e/test_person.py
 * looks through the whole database for what should be gone.
 */
#ifndef MENTORWATCH_STORE_PERSON_DATA_H
#define MENTORWATCH_STORE_PERSON_DATA_H

#include "base/outcome.h"

#include <stdint.h>

struct work;

/* In a transaction, so that all of it is of the same moment: a JSON object with a list for each
 * kind of thing. What others are told of the person is there without their own names and addresses.
 * NOT_FOUND: nothing is stored under this id. */
enum outcome person_data_export(char **json, struct work *work, const char *id);

struct person_erased {
    const char *name;       /* under which what is left is kept: random, and told to nobody else */
    int64_t certifications; /* how many rows were kept under it */
    int64_t messages;
    int64_t others;
};

/* In a transaction: take the person out of the directory, and name, addresses, reasons and the id
 * out of everything else. Rows stay, so totals and the record of what was done stay as they are.
 * Certifications are revoked, pauses closed, and messages that wait are not sent. NOT_FOUND as
 * above; CONFLICT: this coordinator still has mentors. */
enum outcome person_data_erase(struct person_erased *out, struct work *work, const char *id);

#endif
