/* SPDX-License-Identifier: MIT */
/* mentorwatch doctor: what is wrong with this installation, for people and for programs. */
#include "doctor/doctor.h"

#include "base/work.h"
#include "cli/command.h"
#include "wire/json.h"
#include "wire/json_writer.h"

#include <stdio.h>
#include <sysexits.h>

enum { SOMETHING_IS_WRONG = 1 };

static void print_json(struct arena *arena, const struct diagnosis *diagnosis)
{
    struct json_writer to = json_writer_in(arena);
    const struct finding *findings = diagnosis->findings.items;

    put_object(&to, NULL);
    put_bool(&to, "well", diagnosis->well);
    put_list(&to, "findings");
    for (size_t i = 0; i < diagnosis->findings.count; i++) {
        put_json(&to, NULL, json_write(arena, &finding_record, &findings[i]));
    }
    put_end(&to);
    put_end(&to);
    (void)fputs(json_writer_done(&to), stdout);
}

static void print_text(const struct diagnosis *diagnosis)
{
    const struct finding *findings = diagnosis->findings.items;

    for (size_t i = 0; i < diagnosis->findings.count; i++) {
        (void)printf("%-8s %-14s %s\n", findings[i].result, findings[i].check, findings[i].says);
    }
}

int command_doctor(struct work *work, const struct command_line *line)
{
    const struct doctor_order order = {
        .config = line->config, .url = line->url, .mail = line->mail};
    const struct diagnosis diagnosis = doctor_run(work, &order);

    if (line->json) {
        print_json(work->arena, &diagnosis);
    } else {
        print_text(&diagnosis);
    }
    return diagnosis.well ? EX_OK : SOMETHING_IS_WRONG;
}
