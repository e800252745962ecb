dist_man_MANS = \
	docs/man/mentorwatch.1 \
	docs/man/mentorwatch.conf.5 \
	docs/man/mentorwatch.fcgi.8

EXTRA_DIST += docs/architecture.md docs/decisions
