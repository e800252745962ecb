# ./dev bench: programs that only it needs, built when it asks for them ("make bench-programs").
EXTRA_PROGRAMS = tests/bench/c/echo tests/bench/c/mail_sink tests/bench/c/point_select
EXTRA_DIST += tests/bench
CLEANFILES += $(EXTRA_PROGRAMS)

tests_bench_c_echo_LDADD = $(http_libs)
tests_bench_c_mail_sink_LDADD = $(PTHREAD_LIBS)
tests_bench_c_point_select_CPPFLAGS = $(AM_CPPFLAGS) $(MYSQL_CFLAGS)
tests_bench_c_point_select_LDADD = $(MYSQL_LIBS) $(PTHREAD_LIBS)

.PHONY: bench-programs
bench-programs: $(EXTRA_PROGRAMS)
