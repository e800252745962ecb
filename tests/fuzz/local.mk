# A target has its name in this list, its two lines below, and a folder of the same name in corpus/.
# ./dev fuzz runs them with libFuzzer; make check shows each its corpus.
fuzz_targets = \
	tests/fuzz/fuzz_config \
	tests/fuzz/fuzz_csv \
	tests/fuzz/fuzz_fastcgi \
	tests/fuzz/fuzz_json \
	tests/fuzz/fuzz_mail \
	tests/fuzz/fuzz_request \
	tests/fuzz/fuzz_smtp \
	tests/fuzz/fuzz_template \
	tests/fuzz/fuzz_time \
	tests/fuzz/fuzz_token

tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_config_LDADD = $(fuzz_main) $(base_libs)
tests_fuzz_fuzz_csv_SOURCES = tests/fuzz/fuzz_csv.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_csv_LDADD = $(fuzz_main) $(wire_libs)
tests_fuzz_fuzz_fastcgi_SOURCES = tests/fuzz/fuzz_fastcgi.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_fastcgi_LDADD = $(fuzz_main) $(http_libs)
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_json_LDADD = $(fuzz_main) $(wire_libs)
tests_fuzz_fuzz_mail_SOURCES = tests/fuzz/fuzz_mail.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_mail_LDADD = $(fuzz_main) $(wire_libs)
tests_fuzz_fuzz_request_SOURCES = tests/fuzz/fuzz_request.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_request_LDADD = $(fuzz_main) $(http_libs)
tests_fuzz_fuzz_smtp_SOURCES = tests/fuzz/fuzz_smtp.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_smtp_LDADD = $(fuzz_main) $(notify_libs)
tests_fuzz_fuzz_template_SOURCES = tests/fuzz/fuzz_template.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_template_LDADD = $(fuzz_main) $(wire_libs)
tests_fuzz_fuzz_time_SOURCES = tests/fuzz/fuzz_time.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_time_LDADD = $(fuzz_main) $(base_libs)
tests_fuzz_fuzz_token_SOURCES = tests/fuzz/fuzz_token.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_token_LDADD = $(fuzz_main) $(wire_libs)

if FUZZ
fuzz_main = $(FUZZ_LIBS)
EXTRA_DIST += tests/fuzz/replay.c
else
fuzz_main = tests/fuzz/libreplay.a
check_LIBRARIES += tests/fuzz/libreplay.a
tests_fuzz_libreplay_a_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz.h
endif

check_PROGRAMS += $(fuzz_targets)
TESTS += $(fuzz_targets)
EXTRA_DIST += tests/fuzz/corpus

.PHONY: fuzz-targets
fuzz-targets: $(fuzz_targets)

.PHONY: print-fuzz-targets
print-fuzz-targets:
	@printf '%s\n' $(fuzz_targets)
