/* SPDX-License-Identifier: MIT */
/* Every statement about certifications. Failures as in db/db.h; unknown ids are NOT_FOUND. */
#ifndef MENTORWATCH_STORE_CERTIFICATION_H
#define MENTORWATCH_STORE_CERTIFICATION_H

#include "base/listing.h"
#include "base/outcome.h"
#include "model/certification.h"

#include <stdbool.h>

struct db_rows;
struct work;

/* SQL: certification `newer` supersedes certification c. */
#define CERTIFICATION_SUPERSEDED_BY_NEWER                                                          \
    "newer.mentor_id = c.mentor_id AND newer.certification_type = c.certification_type AND "       \
    "newer.revoked_at IS NULL AND newer.expires_at > c.expires_at"
/* … nothing supersedes certification c. */
#define CERTIFICATION_NOT_SUPERSEDED                                                               \
    "NOT EXISTS (SELECT 1 FROM certifications newer WHERE " CERTIFICATION_SUPERSEDED_BY_NEWER ")"

enum outcome certification_find(struct certification **out, struct work *work, const char *id);
/* Derived fields are filled. */
enum outcome certification_list(struct page *out, struct work *work,
                                const struct certification_filter *filter);
/* All of one mentor, in no order (struct certification). */
enum outcome certification_of_mentor(struct list *out, struct work *work, const char *mentor_id);
/* … of several. */
enum outcome certification_of_mentors(struct list *out, struct work *work,
                                      const struct db_rows *mentor_ids);

enum outcome certification_insert(struct certification *certification, struct work *work);
/* Fewer than a hundred (struct certification *), in their order; their seq stays 0. */
enum outcome certifications_insert(struct list certifications, struct work *work);
enum outcome certification_save(const struct certification *certification, struct work *work);
enum outcome certification_delete(const struct certification *certification, struct work *work);

#endif
