noinst_LIBRARIES += libdb.a
libdb_a_CPPFLAGS = $(AM_CPPFLAGS) $(MYSQL_CFLAGS)
libdb_a_SOURCES = \
	src/db/connect.c \
	src/db/db.c src/db/db.h \
	src/db/hosts.c \
	src/db/internal.h \
	src/db/lookup.c src/db/lookup.h \
	src/db/many.c src/db/many.h \
	src/db/query.c src/db/query.h \
	src/db/row.c \
	src/db/statement.c \
	src/db/unit.c
