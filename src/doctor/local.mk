noinst_LIBRARIES += libdoctor.a
libdoctor_a_SOURCES = \
	src/doctor/check.c src/doctor/check.h \
	src/doctor/database.c \
	src/doctor/delivery.c \
	src/doctor/doctor.c src/doctor/doctor.h \
	src/doctor/host.c \
	src/doctor/rights.c \
	src/doctor/runs.c \
	src/doctor/web.c
