# ./dev test faults loads this before the programs that it tests ("make failing-library"). It is a
# program for automake, which knows shared libraries only with libtool.
EXTRA_PROGRAMS += tests/faults/c/failing.so
EXTRA_DIST += tests/faults

tests_faults_c_failing_so_SOURCES = tests/faults/c/failing.c
tests_faults_c_failing_so_CPPFLAGS = $(AM_CPPFLAGS) $(MYSQL_CFLAGS)
tests_faults_c_failing_so_CFLAGS = $(LANGUAGE_CFLAGS) $(WARNING_CFLAGS) -fPIC
tests_faults_c_failing_so_LDFLAGS = -shared

.PHONY: failing-library
failing-library: tests/faults/c/failing.so
