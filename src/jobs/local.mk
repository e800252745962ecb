noinst_LIBRARIES += libjobs.a
libjobs_a_SOURCES = \
	src/jobs/batch.c src/jobs/batch.h \
	src/jobs/counting.c src/jobs/counting.h \
	src/jobs/courtesy.c src/jobs/courtesy.h \
	src/jobs/cron.c src/jobs/cron.h \
	src/jobs/expiry.c src/jobs/expiry.h \
	src/jobs/helper.c src/jobs/helper.h \
	src/jobs/overview.c src/jobs/overview.h \
	src/jobs/pausing.c src/jobs/pausing.h \
	src/jobs/reminders.c src/jobs/reminders.h \
	src/jobs/retention.c src/jobs/retention.h \
	src/jobs/run.c src/jobs/run.h \
	src/jobs/running.c src/jobs/running.h \
	src/jobs/sweep.c src/jobs/sweep.h
