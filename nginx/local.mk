# The site with the places of this installation filled in, to be copied to where nginx looks.
nodist_examples_DATA = nginx/nginx-site.conf
EXTRA_DIST += nginx/mentorwatch.conf.in nginx/nginx.conf.in
CLEANFILES += nginx/nginx-site.conf

nginx/nginx-site.conf: nginx/mentorwatch.conf.in Makefile
	$(AM_V_at)$(MKDIR_P) nginx
	$(AM_V_GEN)$(SED) -e '2,/^$$/d' -e 's|@LISTEN@|80|' \
	    -e 's|@NAME@|mentors.example.org|' \
	    -e 's|@ACCESS_LOG@|$(logdir)/access.log mentorwatch buffer=32k flush=1s|' \
	    -e 's|@DOCS@|$(apidocsdir)|' \
	    -e 's|@SOCKET@|$(runstatedir)/mentorwatch/mentorwatch.sock|' \
	    $(srcdir)/nginx/mentorwatch.conf.in >$@.part && mv $@.part $@
