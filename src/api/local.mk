noinst_LIBRARIES += libapi.a
libapi_a_SOURCES = \
	src/api/certifications.c src/api/certifications.h \
	src/api/health.c src/api/health.h \
	src/api/routes.c src/api/routes.h
