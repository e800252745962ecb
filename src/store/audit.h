/* SPDX-License-Identifier: MIT */
/* Every statement about the audit: who did what, when. It is only added to, in the transaction of
 * what was done. Two things take from it: store/person_data.c the name of a person who is erased,
 * and what is old enough goes. */
#ifndef MENTORWATCH_STORE_AUDIT_H
#define MENTORWATCH_STORE_AUDIT_H

#include "base/outcome.h"
#include "base/record.h"

struct audit_filter;
struct work;

/* One change. `by` says who, from where and what: its actor, request_id and deed. */
struct audited {
    const struct work *by;
    const char *about; /* the id of what was made or changed; NULL: more than one */
};

/* Nothing is told of a unit that has changed nothing. work->deed must be set. */
enum outcome audit_add(struct work *work, const char *about);
/* Of what changes nothing and is told all the same: somebody read all about one person. */
enum outcome audit_add_reading(struct work *work, const char *about);
/* Several (struct audited) that share a transaction, in one statement. */
enum outcome audit_add_all(struct work *work, struct list changes);

/* struct audit_line, the last one first. */
enum outcome audit_list(struct list *out, struct work *work, const struct audit_filter *filter);

#endif
