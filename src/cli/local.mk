bin_PROGRAMS += mentorwatch
mentorwatch_SOURCES = \
	src/cli/command.h src/cli/commands.c \
	src/cli/audit.c \
	src/cli/counts.c \
	src/cli/cron.c \
	src/cli/delivery.c src/cli/delivery.h \
	src/cli/dispatch.c \
	src/cli/doctor.c \
	src/cli/explain.c \
	src/cli/grants.c \
	src/cli/import.c \
	src/cli/listed.c src/cli/listed.h \
	src/cli/main.c \
	src/cli/migrate.c \
	src/cli/operator.c src/cli/operator.h \
	src/cli/outbox.c \
	src/cli/person.c \
	src/cli/preview.c \
	src/cli/progress.c src/cli/progress.h \
	src/cli/setup.c \
	src/cli/status.c \
	src/cli/sweep.c \
	src/cli/tables.c \
	src/cli/token.c
mentorwatch_LDADD = $(doctor_libs) $(api_libs)
