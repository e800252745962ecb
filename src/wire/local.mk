noinst_LIBRARIES += libwire.a
libwire_a_SOURCES = \
	src/wire/base64url.c src/wire/base64url.h \
	src/wire/csv.c src/wire/csv.h \
	src/wire/html.c src/wire/html.h \
	src/wire/json.c src/wire/json.h \
	src/wire/json_writer.c src/wire/json_writer.h \
	src/wire/jwk.c src/wire/jwk.h \
	src/wire/mail.c src/wire/mail.h \
	src/wire/query.c src/wire/query.h \
	src/wire/signature.c src/wire/signature.h \
	src/wire/template.c src/wire/template.h \
	src/wire/token.c src/wire/token.h \
	src/wire/token_keys.c src/wire/token_keys.h \
	src/wire/words.c src/wire/words.h
