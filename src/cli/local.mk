bin_PROGRAMS += mentorwatch
mentorwatch_SOURCES = \
	src/cli/command.h \
	src/cli/import.c \
	src/cli/main.c \
	src/cli/migrate.c \
	src/cli/progress.c src/cli/progress.h \
	src/cli/sweep.c \
	src/cli/tables.c \
	src/cli/token.c
mentorwatch_LDADD = $(api_libs)
