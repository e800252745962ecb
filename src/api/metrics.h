/* SPDX-License-Identifier: MIT */
/* Figures in the text format of Prometheus, version 0.0.4. They name nobody. */
#ifndef MENTORWATCH_API_METRICS_H
#define MENTORWATCH_API_METRICS_H

#include "http/route.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

handler metrics_read;

#endif
