# A migration is a file and a line here; the programs carry them all, in this order.
migrations = \
	sql/0001-directory.sql \
	sql/0002-certifications.sql \
	sql/0003-pauses.sql \
	sql/0004-jobs.sql \
	sql/0005-reminders.sql \
	sql/0006-outbox.sql \
	sql/0007-idempotency.sql \
	sql/0008-delivery.sql \
	sql/0009-sweeps.sql \
	sql/0010-units.sql \
	sql/0011-cycles.sql \
	sql/0012-counts.sql \
	sql/0013-pages-of-a-value.sql \
	sql/0014-fewer-indexes.sql \
	sql/0015-audit.sql \
	sql/0016-one-index-of-an-inbox.sql

sqldir = $(pkgdatadir)/sql
dist_sql_DATA = $(migrations)
EXTRA_DIST += sql/demo.sql sql/embed.awk

BUILT_SOURCES += src/store/migrations.c
CLEANFILES += src/store/migrations.c
src/store/migrations.c: $(migrations) sql/embed.awk
	$(AM_V_at)$(MKDIR_P) src/store
	$(AM_V_GEN)sql=; for file in $(migrations); do sql="$$sql $(srcdir)/$$file"; done; \
	    $(AWK) -f $(srcdir)/sql/embed.awk $$sql >$@.part && mv $@.part $@
