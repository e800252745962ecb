/* SPDX-License-Identifier: MIT */
/* The folder that holds all of us where nothing is installed: what `make hosting` packs for a
 * shared host, with the templates, the certificates of authorities, and a file that says where the
 * configuration is. The scripts that start the programs there name it in MENTORWATCH_HOME; a web
 * server's own environment need not bring anything. */
#ifndef MENTORWATCH_BASE_HOME_H
#define MENTORWATCH_BASE_HOME_H

struct arena;

extern const char HOME_VARIABLE[]; /* "MENTORWATCH_HOME" */
extern const char HOME_POINTER[];  /* the file in it whose first line is the configuration's path */
extern const char HOME_TEMPLATES[]; /* a folder in it */
extern const char HOME_CA_FILE[];   /* a file in it */
extern const char HOME_STATE[];     /* a folder in it, where there is one */

/* The absolute path of something in it; NULL: there is no such folder, or nothing of that name. */
const char *home_path(struct arena *arena, const char *name);
/* The folder itself; NULL: we are installed. */
const char *home_folder(struct arena *arena);
/* Where HOME_POINTER says that the configuration is; NULL: it says nothing yet. */
const char *home_configuration(struct arena *arena);

#endif
