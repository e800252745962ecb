cgibin_PROGRAMS += mentorwatch.fcgi
mentorwatch_fcgi_SOURCES = cgi-bin/mentorwatch.c
mentorwatch_fcgi_LDADD = $(api_libs)
