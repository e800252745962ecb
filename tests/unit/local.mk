# A unit test links its own folder's library and those below, no other.
check_PROGRAMS += $(base_tests) $(wire_tests)
TESTS += $(base_tests) $(wire_tests)

base_tests = \
	tests/unit/base/test_arena \
	tests/unit/base/test_clock \
	tests/unit/base/test_config \
	tests/unit/base/test_log \
	tests/unit/base/test_record \
	tests/unit/base/test_text

tests_unit_base_test_arena_SOURCES = tests/unit/base/test_arena.c tests/unit/support.h
tests_unit_base_test_arena_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_clock_SOURCES = tests/unit/base/test_clock.c tests/unit/support.h
tests_unit_base_test_clock_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_config_SOURCES = tests/unit/base/test_config.c tests/unit/support.h
tests_unit_base_test_config_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_log_SOURCES = tests/unit/base/test_log.c tests/unit/support.h
tests_unit_base_test_log_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_record_SOURCES = tests/unit/base/test_record.c tests/unit/support.h
tests_unit_base_test_record_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_text_SOURCES = tests/unit/base/test_text.c tests/unit/support.h
tests_unit_base_test_text_LDADD = $(base_libs) $(CMOCKA_LIBS)

wire_tests = \
	tests/unit/wire/test_csv \
	tests/unit/wire/test_json \
	tests/unit/wire/test_mail \
	tests/unit/wire/test_query \
	tests/unit/wire/test_template

tests_unit_wire_test_csv_SOURCES = tests/unit/wire/test_csv.c tests/unit/support.h
tests_unit_wire_test_csv_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_json_SOURCES = tests/unit/wire/test_json.c tests/unit/support.h
tests_unit_wire_test_json_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_mail_SOURCES = tests/unit/wire/test_mail.c tests/unit/support.h
tests_unit_wire_test_mail_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_query_SOURCES = tests/unit/wire/test_query.c tests/unit/support.h
tests_unit_wire_test_query_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_template_SOURCES = tests/unit/wire/test_template.c tests/unit/support.h
tests_unit_wire_test_template_LDADD = $(wire_libs) $(CMOCKA_LIBS)
