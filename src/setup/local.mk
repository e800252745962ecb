noinst_LIBRARIES += libsetup.a
libsetup_a_SOURCES = \
	src/setup/configuration.c src/setup/configuration.h \
	src/setup/page.c src/setup/page.h \
	src/setup/place.c src/setup/place.h \
	src/setup/steps.c src/setup/steps.h \
	src/setup/test_mail.c src/setup/test_mail.h
