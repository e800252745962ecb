noinst_LIBRARIES += libhttp.a
libhttp_a_CPPFLAGS = $(AM_CPPFLAGS) $(FCGI_CFLAGS) $(SECCOMP_CFLAGS)
libhttp_a_SOURCES = \
	src/http/authenticate.c src/http/authenticate.h \
	src/http/cgi.c src/http/cgi.h \
	src/http/confine.c src/http/confine.h \
	src/http/deed.c src/http/deed.h \
	src/http/dispatch.c src/http/dispatch.h \
	src/http/fastcgi.c src/http/fastcgi.h \
	src/http/gateway.h \
	src/http/idempotency.c src/http/idempotency.h \
	src/http/listener.c src/http/listener.h \
	src/http/problem.c src/http/problem.h \
	src/http/request.c src/http/request.h \
	src/http/route.c src/http/route.h \
	src/http/supervisor.c src/http/supervisor.h \
	src/http/together.c src/http/together.h
