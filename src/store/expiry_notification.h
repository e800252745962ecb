/* SPDX-License-Identifier: MIT */
/* Every statement about expiry notification records. Failures as in db/db.h; unknown ids are
 * NOT_FOUND. */
#ifndef MENTORWATCH_STORE_EXPIRY_NOTIFICATION_H
#define MENTORWATCH_STORE_EXPIRY_NOTIFICATION_H

#include "base/listing.h"
#include "base/outcome.h"
#include "model/expiry_notification.h"

struct work;

enum outcome expiry_notification_find(struct expiry_notification **out, struct work *work,
                                      const char *id);
enum outcome expiry_notification_list(struct page *out, struct work *work,
                                      const struct expiry_notification_filter *filter);

enum outcome expiry_notifications_insert(struct work *work, struct list notifications);
/* Hold others off it until the transaction ends; without effect where there is none. */
enum outcome expiry_notification_lock(struct work *work, const char *id);
enum outcome expiry_notification_save(const struct expiry_notification *notification,
                                      struct work *work);
enum outcome expiry_notification_delete(const struct expiry_notification *notification,
                                        struct work *work);

#endif
