# What a server of one's own needs beside the programs: docs/hosting/vps.md.
configdir = $(sysconfdir)/mentorwatch
logdir = $(localstatedir)/log/mentorwatch
statedir = $(localstatedir)/lib/mentorwatch
crondir = $(sysconfdir)/cron.d
logrotatedir = $(sysconfdir)/logrotate.d
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
examplesdir = $(docdir)/examples
completiondir = $(datadir)/bash-completion/completions

dist_examples_DATA = cgi-bin/server/mentorwatch.conf
dist_completion_DATA = cgi-bin/server/completion/mentorwatch
nodist_systemdunit_DATA = \
	cgi-bin/server/systemd/mentorwatch-dispatch.service \
	cgi-bin/server/systemd/mentorwatch-dispatch.timer \
	cgi-bin/server/systemd/mentorwatch-sweep.service \
	cgi-bin/server/systemd/mentorwatch-sweep.timer \
	cgi-bin/server/systemd/mentorwatch.service \
	cgi-bin/server/systemd/mentorwatch.socket
nodist_cron_DATA = cgi-bin/server/cron.d/mentorwatch
nodist_logrotate_DATA = cgi-bin/server/logrotate.d/mentorwatch
nodist_sysusers_DATA = cgi-bin/server/sysusers.d/mentorwatch.conf
nodist_tmpfiles_DATA = cgi-bin/server/tmpfiles.d/mentorwatch.conf

server_inputs = \
	cgi-bin/server/cron.d/mentorwatch.in \
	cgi-bin/server/logrotate.d/mentorwatch.in \
	cgi-bin/server/systemd/mentorwatch-dispatch.service.in \
	cgi-bin/server/systemd/mentorwatch-dispatch.timer.in \
	cgi-bin/server/systemd/mentorwatch-sweep.service.in \
	cgi-bin/server/systemd/mentorwatch-sweep.timer.in \
	cgi-bin/server/systemd/mentorwatch.service.in \
	cgi-bin/server/systemd/mentorwatch.socket.in \
	cgi-bin/server/sysusers.d/mentorwatch.conf.in \
	cgi-bin/server/tmpfiles.d/mentorwatch.conf.in
# What the units of all three services have in common; a line of theirs stands for it.
sandbox = cgi-bin/server/systemd/sandbox
EXTRA_DIST += $(server_inputs) $(sandbox) \
	cgi-bin/server/debian/control.in \
	cgi-bin/server/debian/copyright \
	cgi-bin/server/debian/pack \
	cgi-bin/server/debian/postinst \
	cgi-bin/server/debian/postrm \
	cgi-bin/server/debian/prerm

server_files = $(nodist_systemdunit_DATA) $(nodist_cron_DATA) $(nodist_logrotate_DATA) \
	$(nodist_sysusers_DATA) $(nodist_tmpfiles_DATA)
CLEANFILES += $(server_files)

$(server_files): Makefile $(server_inputs) $(sandbox)
	$(AM_V_at)$(MKDIR_P) $(@D)
	$(AM_V_GEN)$(SED) -e '/@SANDBOX@/r $(srcdir)/$(sandbox)' -e '/@SANDBOX@/d' \
	    $(srcdir)/$@.in | $(SED) -e 's|@BINDIR@|$(bindir)|g' -e 's|@CGIBINDIR@|$(cgibindir)|g' \
	    -e 's|@CONFIGDIR@|$(configdir)|g' -e 's|@LOGDIR@|$(logdir)|g' \
	    -e 's|@STATEDIR@|$(statedir)|g' \
	    -e 's|@RUNSTATEDIR@|$(runstatedir)|g' -e 's|@WEBGROUP@|$(webgroup)|g' \
	    >$@.part && mv $@.part $@

# The administrator's own configuration is never overwritten, and goes with "make uninstall" only
# while nobody has written anything into it.
sample = $(srcdir)/cgi-bin/server/mentorwatch.conf

install-data-hook:
	$(MKDIR_P) "$(DESTDIR)$(configdir)" "$(DESTDIR)$(logdir)" "$(DESTDIR)$(statedir)"
	test -e "$(DESTDIR)$(configdir)/mentorwatch.conf" || \
	    $(INSTALL) -m 640 $(sample) "$(DESTDIR)$(configdir)/mentorwatch.conf"

uninstall-hook:
	! cmp -s $(sample) "$(DESTDIR)$(configdir)/mentorwatch.conf" || \
	    rm -f "$(DESTDIR)$(configdir)/mentorwatch.conf"

# A Debian package, from a build that was configured for a distribution's places.
.PHONY: deb
deb: all
	@test "$(bindir) $(libexecdir) $(sysconfdir) $(localstatedir) $(runstatedir)" = \
	    "/usr/bin /usr/libexec /etc /var /run" || { echo "make deb: first configure with" \
	    "--prefix=/usr --libexecdir=/usr/libexec --sysconfdir=/etc --localstatedir=/var" \
	    "--runstatedir=/run" >&2; exit 1; }
	$(AM_V_at)rm -rf deb mentorwatch_*.deb
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) install DESTDIR="$(abs_builddir)/deb/mentorwatch" >/dev/null
	$(AM_V_GEN)$(srcdir)/cgi-bin/server/debian/pack $(srcdir) $(abs_builddir) $(PACKAGE_VERSION)
