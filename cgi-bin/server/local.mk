# What a server of one's own needs beside the programs: docs/hosting/vps.md.
configdir = $(sysconfdir)/mentorwatch
logdir = $(localstatedir)/log/mentorwatch
examplesdir = $(docdir)/examples
dist_examples_DATA = cgi-bin/server/mentorwatch.conf

# The administrator's own configuration is never overwritten, and goes with "make uninstall" only
# while nobody has written anything into it.
sample = $(srcdir)/cgi-bin/server/mentorwatch.conf

install-data-hook:
	$(MKDIR_P) "$(DESTDIR)$(configdir)" "$(DESTDIR)$(logdir)"
	test -e "$(DESTDIR)$(configdir)/mentorwatch.conf" || \
	    $(INSTALL) -m 640 $(sample) "$(DESTDIR)$(configdir)/mentorwatch.conf"

uninstall-hook:
	! cmp -s $(sample) "$(DESTDIR)$(configdir)/mentorwatch.conf" || \
	    rm -f "$(DESTDIR)$(configdir)/mentorwatch.conf"
