# A unit test links its own folder's library and those below, no other.
check_PROGRAMS += $(base_tests) $(model_tests) $(wire_tests) $(notify_tests) $(http_tests) $(api_tests)
TESTS += $(base_tests) $(model_tests) $(wire_tests) $(notify_tests) $(http_tests) $(api_tests)

base_tests = \
	tests/unit/base/test_arena \
	tests/unit/base/test_clock \
	tests/unit/base/test_config \
	tests/unit/base/test_digits \
	tests/unit/base/test_endpoint \
	tests/unit/base/test_gather \
	tests/unit/base/test_id \
	tests/unit/base/test_log \
	tests/unit/base/test_record \
	tests/unit/base/test_secret \
	tests/unit/base/test_memory \
	tests/unit/base/test_text \
	tests/unit/base/test_thresholds \
	tests/unit/base/test_url

tests_unit_base_test_arena_SOURCES = tests/unit/base/test_arena.c tests/unit/support.h
tests_unit_base_test_arena_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_clock_SOURCES = tests/unit/base/test_clock.c tests/unit/support.h
tests_unit_base_test_clock_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_config_SOURCES = tests/unit/base/test_config.c tests/unit/support.h
tests_unit_base_test_config_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_digits_SOURCES = tests/unit/base/test_digits.c tests/unit/support.h
tests_unit_base_test_digits_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_endpoint_SOURCES = tests/unit/base/test_endpoint.c tests/unit/support.h
tests_unit_base_test_endpoint_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_gather_SOURCES = tests/unit/base/test_gather.c tests/unit/support.h
tests_unit_base_test_gather_LDADD = $(base_libs) $(CMOCKA_LIBS) $(PTHREAD_LIBS)
tests_unit_base_test_id_SOURCES = tests/unit/base/test_id.c tests/unit/support.h
tests_unit_base_test_id_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_log_SOURCES = tests/unit/base/test_log.c tests/unit/support.h
tests_unit_base_test_log_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_record_SOURCES = tests/unit/base/test_record.c tests/unit/support.h
tests_unit_base_test_record_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_secret_SOURCES = tests/unit/base/test_secret.c tests/unit/support.h
tests_unit_base_test_secret_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_memory_SOURCES = tests/unit/base/test_memory.c tests/unit/support.h
tests_unit_base_test_memory_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_text_SOURCES = tests/unit/base/test_text.c tests/unit/support.h
tests_unit_base_test_text_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_thresholds_SOURCES = tests/unit/base/test_thresholds.c tests/unit/support.h
tests_unit_base_test_thresholds_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_base_test_url_SOURCES = tests/unit/base/test_url.c tests/unit/support.h
tests_unit_base_test_url_LDADD = $(base_libs) $(CMOCKA_LIBS)

model_tests = \
	tests/unit/model/test_brake \
	tests/unit/model/test_calendar \
	tests/unit/model/test_expiry_notification \
	tests/unit/model/test_explanation \
	tests/unit/model/test_figures \
	tests/unit/model/test_push_target \
	tests/unit/model/test_reminder \
	tests/unit/model/test_server_version \
	tests/unit/model/test_truth

tests_unit_model_test_brake_SOURCES = tests/unit/model/test_brake.c tests/unit/support.h
tests_unit_model_test_brake_LDADD = $(model_libs) $(CMOCKA_LIBS)
tests_unit_model_test_calendar_SOURCES = tests/unit/model/test_calendar.c tests/unit/support.h
tests_unit_model_test_calendar_LDADD = $(model_libs) $(CMOCKA_LIBS)
tests_unit_model_test_explanation_SOURCES = tests/unit/model/test_explanation.c \
	tests/unit/support.h
tests_unit_model_test_explanation_LDADD = $(model_libs) $(CMOCKA_LIBS)
tests_unit_model_test_expiry_notification_SOURCES = tests/unit/model/test_expiry_notification.c \
	tests/unit/support.h
tests_unit_model_test_expiry_notification_LDADD = $(model_libs) $(CMOCKA_LIBS)
tests_unit_model_test_figures_SOURCES = tests/unit/model/test_figures.c tests/unit/support.h
tests_unit_model_test_figures_LDADD = $(model_libs) $(CMOCKA_LIBS)
tests_unit_model_test_push_target_SOURCES = tests/unit/model/test_push_target.c tests/unit/support.h
tests_unit_model_test_push_target_LDADD = $(model_libs) $(CMOCKA_LIBS)
tests_unit_model_test_reminder_SOURCES = tests/unit/model/test_reminder.c tests/unit/support.h
tests_unit_model_test_reminder_LDADD = $(model_libs) $(CMOCKA_LIBS)
tests_unit_model_test_server_version_SOURCES = tests/unit/model/test_server_version.c \
	tests/unit/support.h
tests_unit_model_test_server_version_LDADD = $(model_libs) $(CMOCKA_LIBS)
tests_unit_model_test_truth_SOURCES = tests/unit/model/test_truth.c tests/unit/support.h
tests_unit_model_test_truth_LDADD = $(model_libs) $(CMOCKA_LIBS)

wire_tests = \
	tests/unit/wire/test_base64url \
	tests/unit/wire/test_csv \
	tests/unit/wire/test_html \
	tests/unit/wire/test_json \
	tests/unit/wire/test_json_writer \
	tests/unit/wire/test_mail \
	tests/unit/wire/test_query \
	tests/unit/wire/test_signature \
	tests/unit/wire/test_template \
	tests/unit/wire/test_token \
	tests/unit/wire/test_token_attacks \
	tests/unit/wire/test_token_keys \
	tests/unit/wire/test_words

tests_unit_wire_test_base64url_SOURCES = tests/unit/wire/test_base64url.c tests/unit/support.h
tests_unit_wire_test_base64url_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_csv_SOURCES = tests/unit/wire/test_csv.c tests/unit/support.h
tests_unit_wire_test_csv_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_html_SOURCES = tests/unit/wire/test_html.c tests/unit/support.h
tests_unit_wire_test_html_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_json_SOURCES = tests/unit/wire/test_json.c tests/unit/support.h
tests_unit_wire_test_json_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_json_writer_SOURCES = tests/unit/wire/test_json_writer.c tests/unit/support.h
tests_unit_wire_test_json_writer_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_mail_SOURCES = tests/unit/wire/test_mail.c tests/unit/support.h
tests_unit_wire_test_mail_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_query_SOURCES = tests/unit/wire/test_query.c tests/unit/support.h
tests_unit_wire_test_query_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_signature_SOURCES = tests/unit/wire/test_signature.c tests/unit/support.h
tests_unit_wire_test_signature_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_template_SOURCES = tests/unit/wire/test_template.c tests/unit/support.h
tests_unit_wire_test_template_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_token_SOURCES = tests/unit/wire/test_token.c tests/unit/support.h \
	tests/unit/wire/token_kit.h
tests_unit_wire_test_token_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_token_attacks_SOURCES = tests/unit/wire/test_token_attacks.c tests/unit/support.h \
	tests/unit/wire/token_kit.h
tests_unit_wire_test_token_attacks_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_token_keys_SOURCES = tests/unit/wire/test_token_keys.c tests/unit/support.h \
	tests/unit/wire/token_kit.h
tests_unit_wire_test_token_keys_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_wire_test_words_SOURCES = tests/unit/wire/test_words.c tests/unit/support.h
tests_unit_wire_test_words_LDADD = $(wire_libs) $(CMOCKA_LIBS)

notify_tests = \
	tests/unit/notify/test_backoff \
	tests/unit/notify/test_crew \
	tests/unit/notify/test_facts \
	tests/unit/notify/test_ip_address \
	tests/unit/notify/test_push_template \
	tests/unit/notify/test_smtp_reply \
	tests/unit/notify/test_template_file \
	tests/unit/notify/test_webhook

tests_unit_notify_test_crew_SOURCES = tests/unit/notify/test_crew.c tests/unit/support.h
tests_unit_notify_test_crew_LDADD = $(notify_libs) $(CMOCKA_LIBS)
tests_unit_notify_test_facts_SOURCES = tests/unit/notify/test_facts.c tests/unit/support.h
tests_unit_notify_test_facts_LDADD = $(notify_libs) $(CMOCKA_LIBS)
tests_unit_notify_test_ip_address_SOURCES = tests/unit/notify/test_ip_address.c tests/unit/support.h
tests_unit_notify_test_ip_address_LDADD = $(notify_libs) $(CMOCKA_LIBS)
tests_unit_notify_test_push_template_SOURCES = tests/unit/notify/test_push_template.c \
	tests/unit/support.h
tests_unit_notify_test_push_template_LDADD = $(notify_libs) $(CMOCKA_LIBS)
tests_unit_notify_test_smtp_reply_SOURCES = tests/unit/notify/test_smtp_reply.c tests/unit/support.h
tests_unit_notify_test_smtp_reply_LDADD = $(notify_libs) $(CMOCKA_LIBS)
tests_unit_notify_test_template_file_SOURCES = tests/unit/notify/test_template_file.c \
	tests/unit/support.h
tests_unit_notify_test_template_file_LDADD = $(notify_libs) $(CMOCKA_LIBS)
tests_unit_notify_test_webhook_SOURCES = tests/unit/notify/test_webhook.c tests/unit/support.h
tests_unit_notify_test_webhook_LDADD = $(notify_libs) $(CMOCKA_LIBS)

tests_unit_notify_test_backoff_SOURCES = tests/unit/notify/test_backoff.c tests/unit/support.h
tests_unit_notify_test_backoff_LDADD = $(notify_libs) $(CMOCKA_LIBS)

http_tests = \
	tests/unit/http/test_confine

tests_unit_http_test_confine_SOURCES = tests/unit/http/test_confine.c tests/unit/support.h
tests_unit_http_test_confine_LDADD = $(http_libs) $(CMOCKA_LIBS)

api_tests = \
	tests/unit/api/test_schema

tests_unit_api_test_schema_SOURCES = tests/unit/api/test_schema.c tests/unit/support.h
tests_unit_api_test_schema_LDADD = $(api_libs) $(CMOCKA_LIBS)
