noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/certification.c src/store/certification.h \
	src/store/directory.c src/store/directory.h \
	src/store/expiry_notification.c src/store/expiry_notification.h \
	src/store/idempotency.c src/store/idempotency.h \
	src/store/job.c src/store/job.h \
	src/store/message.c src/store/message.h \
	src/store/migration.c src/store/migration.h \
	src/store/pause.c src/store/pause.h \
	src/store/reminder.c src/store/reminder.h
nodist_libstore_a_SOURCES = src/store/migrations.c
