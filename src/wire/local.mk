noinst_LIBRARIES += libwire.a
libwire_a_SOURCES = \
	src/wire/csv.c src/wire/csv.h \
	src/wire/json.c src/wire/json.h \
	src/wire/mail.c src/wire/mail.h \
	src/wire/query.c src/wire/query.h \
	src/wire/template.c src/wire/template.h
