noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/actor.c src/base/actor.h \
	src/base/arena.c src/base/arena.h \
	src/base/clock.c src/base/clock.h \
	src/base/config.c src/base/config.h \
	src/base/crash_point.h \
	src/base/digits.c src/base/digits.h \
	src/base/endpoint.c src/base/endpoint.h \
	src/base/gather.c src/base/gather.h \
	src/base/home.c src/base/home.h \
	src/base/host.c src/base/host.h \
	src/base/id.c src/base/id.h \
	src/base/listing.c src/base/listing.h \
	src/base/log.c src/base/log.h \
	src/base/log_line.c src/base/log_line.h \
	src/base/outcome.h \
	src/base/memory.c src/base/memory.h \
	src/base/record.c src/base/record.h \
	src/base/secret.c src/base/secret.h \
	src/base/text.c src/base/text.h \
	src/base/thresholds.c src/base/thresholds.h \
	src/base/url.c src/base/url.h \
	src/base/webhook_secret.c src/base/webhook_secret.h \
	src/base/work.c src/base/work.h
if FAULTS
libbase_a_SOURCES += src/base/crash_point.c
endif
