# The site with the places of this installation filled in, as an example to start from.
examplesdir = $(docdir)/examples
nodist_examples_DATA = nginx/mentorwatch.conf
EXTRA_DIST += nginx/mentorwatch.conf.in nginx/nginx.conf.in
CLEANFILES += nginx/mentorwatch.conf

nginx/mentorwatch.conf: nginx/mentorwatch.conf.in Makefile
	$(AM_V_at)$(MKDIR_P) nginx
	$(AM_V_GEN)$(SED) -e 's|@LISTEN@|127.0.0.1:8080|' \
	    -e 's|@DOCS@|$(apidocsdir)|' \
	    -e 's|@SOCKET@|$(runstatedir)/mentorwatch/mentorwatch.sock|' \
	    $(srcdir)/nginx/mentorwatch.conf.in >$@.part && mv $@.part $@
