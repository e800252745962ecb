/* SPDX-License-Identifier: MIT */
/* Web addresses that we call: http: or https:, as a setting or the directory has them. */
#ifndef MENTORWATCH_BASE_URL_H
#define MENTORWATCH_BASE_URL_H

#include <stdbool.h>

struct arena;

/* "https://host…" or "http://host…" in printable ASCII without blanks. Not every text of this form
 * is an address; the library that calls it refuses the rest. */
bool url_is_web(const char *url);
/* "" or such an address. NULL or why not, as the field checkers have it. */
const char *url_check(const char *text, struct arena *arena);
bool url_is_plain(const char *url); /* "http:", without TLS */

/* "https://host:port" of a web address: what may stand in a log. The rest may hold secrets. */
char *url_origin(struct arena *arena, const char *url);

/* The address of a path ("/a b/c") at a site ("https://host/", with or without its last slash).
 * What cannot stand in an address is percent-coded. */
char *url_of_path(struct arena *arena, const char *site, const char *path);

#endif
