/* SPDX-License-Identifier: MIT */
/* Reads all that there is about one mentor, for whoever asks why. */
#ifndef MENTORWATCH_STORE_EXPLANATION_H
#define MENTORWATCH_STORE_EXPLANATION_H

#include "base/outcome.h"
#include "model/explanation.h"

struct work;

/* NOT_FOUND: neither the directory nor any certification knows the mentor. */
enum outcome explanation_facts_find(struct explanation_facts *out, struct work *work,
                                    const char *mentor_id);

#endif
