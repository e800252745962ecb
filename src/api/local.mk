noinst_LIBRARIES += libapi.a
libapi_a_SOURCES = \
	src/api/certifications.c src/api/certifications.h \
	src/api/check.c src/api/check.h \
	src/api/cron.c src/api/cron.h \
	src/api/example.c src/api/example.h \
	src/api/expiry_notifications.c src/api/expiry_notifications.h \
	src/api/health.c src/api/health.h \
	src/api/in_app.c src/api/in_app.h \
	src/api/metrics.c src/api/metrics.h \
	src/api/openapi.c src/api/openapi.h \
	src/api/operation.c src/api/operation.h \
	src/api/pause_dispatch.c src/api/pause_dispatch.h \
	src/api/pause_events.c src/api/pause_events.h \
	src/api/reminders.c src/api/reminders.h \
	src/api/routes.c src/api/routes.h \
	src/api/schema.c src/api/schema.h
nodist_libapi_a_SOURCES = src/api/examples.c
example_files = src/api/examples.json src/api/more_examples.json
EXTRA_DIST += src/api/examples.awk $(example_files)

BUILT_SOURCES += src/api/examples.c
CLEANFILES += src/api/examples.c
src/api/examples.c: $(example_files) src/api/examples.awk
	$(AM_V_at)$(MKDIR_P) src/api
	$(AM_V_GEN)$(AWK) -f $(srcdir)/src/api/examples.awk $(srcdir)/src/api/examples.json \
	    $(srcdir)/src/api/more_examples.json >$@.part && mv $@.part $@
