cgibin_PROGRAMS += mentorwatch.fcgi
mentorwatch_fcgi_SOURCES = cgi-bin/mentorwatch.c
mentorwatch_fcgi_LDADD = $(setup_libs) $(api_libs)

# What a volunteer unpacks on a shared host: docs/hosting/shared.md.
EXTRA_DIST += \
	cgi-bin/hosting/README.txt \
	cgi-bin/hosting/cgi-bin-without-options.htaccess \
	cgi-bin/hosting/cgi-bin.htaccess \
	cgi-bin/hosting/deny.htaccess \
	cgi-bin/hosting/pack \
	cgi-bin/hosting/root.htaccess \
	cgi-bin/hosting/start.in \
	cgi-bin/hosting/too-large.problem

.PHONY: hosting
hosting: mentorwatch mentorwatch.fcgi
	$(AM_V_GEN)$(srcdir)/cgi-bin/hosting/pack $(srcdir) . $(PACKAGE_VERSION)
