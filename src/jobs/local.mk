noinst_LIBRARIES += libjobs.a
libjobs_a_SOURCES = \
	src/jobs/expiry.c src/jobs/expiry.h \
	src/jobs/pausing.c src/jobs/pausing.h
