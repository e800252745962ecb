noinst_LIBRARIES += libmodel.a
libmodel_a_SOURCES = \
	src/model/certification.c src/model/certification.h \
	src/model/dispatch.c src/model/dispatch.h \
	src/model/expiry_notification.c src/model/expiry_notification.h \
	src/model/job.c src/model/job.h \
	src/model/message.c src/model/message.h \
	src/model/pause.c src/model/pause.h \
	src/model/person.c src/model/person.h \
	src/model/reminder.c src/model/reminder.h
