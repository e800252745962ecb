noinst_LIBRARIES += libnotify.a
libnotify_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
libnotify_a_SOURCES = \
	src/notify/deliver.c src/notify/deliver.h \
	src/notify/email.c src/notify/email.h \
	src/notify/letter.c src/notify/letter.h \
	src/notify/outbox.c src/notify/outbox.h \
	src/notify/relay.c src/notify/relay.h

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
