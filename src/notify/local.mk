noinst_LIBRARIES += libnotify.a
libnotify_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
libnotify_a_SOURCES = \
	src/notify/backoff.c src/notify/backoff.h \
	src/notify/claim.c src/notify/claim.h \
	src/notify/condition.c src/notify/condition.h \
	src/notify/courier.c src/notify/courier.h \
	src/notify/crew.c src/notify/crew.h \
	src/notify/deliver.c src/notify/deliver.h \
	src/notify/delivery.h \
	src/notify/email.c src/notify/email.h \
	src/notify/errand.c src/notify/errand.h \
	src/notify/facts.c src/notify/facts.h \
	src/notify/http_client.c src/notify/http_client.h \
	src/notify/ip_address.c src/notify/ip_address.h \
	src/notify/letter.c src/notify/letter.h \
	src/notify/memory.c src/notify/memory.h \
	src/notify/outbox.c src/notify/outbox.h \
	src/notify/ping.c src/notify/ping.h \
	src/notify/pool.c src/notify/pool.h \
	src/notify/proof.c src/notify/proof.h \
	src/notify/push.c src/notify/push.h \
	src/notify/push_template.c src/notify/push_template.h \
	src/notify/relay.c src/notify/relay.h \
	src/notify/template_file.c src/notify/template_file.h \
	src/notify/smtp_line.c src/notify/smtp_line.h \
	src/notify/smtp_reply.c src/notify/smtp_reply.h \
	src/notify/tour.c src/notify/tour.h \
	src/notify/transfers.c src/notify/transfers.h \
	src/notify/truth.c src/notify/truth.h \
	src/notify/webhook.c src/notify/webhook.h

templatesdir = $(pkgdatadir)/templates
dist_templates_DATA = src/notify/templates/layout.html

template_endir = $(pkgdatadir)/templates/en
dist_template_en_DATA = \
	src/notify/templates/en/certification_expired.coordinator.txt \
	src/notify/templates/en/certification_expired.mentor.txt \
	src/notify/templates/en/certification_expiring.coordinator.txt \
	src/notify/templates/en/certification_expiring.mentor.txt \
	src/notify/templates/en/pause_activated.coordinator.txt \
	src/notify/templates/en/pause_activated.mentor.txt \
	src/notify/templates/en/pause_lifted.coordinator.txt \
	src/notify/templates/en/pause_lifted.mentor.txt

template_pushdir = $(pkgdatadir)/templates/push
dist_template_push_DATA = \
	src/notify/templates/push/gotify.txt \
	src/notify/templates/push/ntfy.txt

template_nbdir = $(pkgdatadir)/templates/nb
dist_template_nb_DATA = \
	src/notify/templates/nb/certification_expired.coordinator.txt \
	src/notify/templates/nb/certification_expired.mentor.txt \
	src/notify/templates/nb/certification_expiring.coordinator.txt \
	src/notify/templates/nb/certification_expiring.mentor.txt \
	src/notify/templates/nb/pause_activated.coordinator.txt \
	src/notify/templates/nb/pause_activated.mentor.txt \
	src/notify/templates/nb/pause_lifted.coordinator.txt \
	src/notify/templates/nb/pause_lifted.mentor.txt

template_nndir = $(pkgdatadir)/templates/nn
dist_template_nn_DATA = \
	src/notify/templates/nn/certification_expired.coordinator.txt \
	src/notify/templates/nn/certification_expired.mentor.txt \
	src/notify/templates/nn/certification_expiring.coordinator.txt \
	src/notify/templates/nn/certification_expiring.mentor.txt \
	src/notify/templates/nn/pause_activated.coordinator.txt \
	src/notify/templates/nn/pause_activated.mentor.txt \
	src/notify/templates/nn/pause_lifted.coordinator.txt \
	src/notify/templates/nn/pause_lifted.mentor.txt
