/* SPDX-License-Identifier: MIT */
#include "notify/letter.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/work.h"
#include "notify/facts.h"
#include "notify/template_file.h"
#include "wire/html.h"
#include "wire/template.h"
#include "wire/words.h"

#include <string.h>

static const char SUBJECT[] = "Subject: ";

/* A template, and the language that it is written in. */
struct source {
    struct template_shelf *shelf; /* NULL: there is none */
    const char *path;
    const char *language;
    char *text;
};

/* As template_shelf_read(). */
static enum outcome read_file(struct source *out, struct work *work, const char *path)
{
    out->path = path;
    return template_shelf_read(&out->text, work, out->shelf, path);
}

static const char *path_of(struct work *work, const struct message *message, const char *language,
                           const char *ending)
{
    return arena_printf(work->arena, "%s/%s/%s.%s.%s", work->settings->notify.templates, language,
                        message->kind, message->recipient_role, ending);
}

/* The directory may be somebody else's view, and know languages that are none here. */
static const char *language_of(const struct message *message, const struct settings *settings)
{
    const bool known = language_words[text_index(language_words, message->language)] != NULL;

    return known ? message->language : settings->notify.language;
}

/* In the reader's language, or the next best. */
static enum outcome find_text(struct source *out, struct work *work, const struct message *message)
{
    const char *wanted = language_of(message, work->settings);
    const char *const languages[] = {
        wanted,
        strcmp(wanted, "nn") == 0 ? "nb" : wanted,
        work->settings->notify.language,
        "en",
    };

    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
        out->language = languages[i];
        const enum outcome outcome =
            read_file(out, work, path_of(work, message, languages[i], "txt"));
        if (outcome != NOT_FOUND) {
            return outcome;
        }
    }
    return fail(work, BROKEN, "there is no template %s", path_of(work, message, wanted, "txt"));
}

/* What the template makes of the facts. */
static enum outcome render(char **out, struct work *work, const struct source *source,
                           const struct record *facts, const void *object, template_escape *escape)
{
    if (template_render(out, work, source->text, facts, object, source->language, escape) != OK) {
        return fail(work, BROKEN, "the template %s: %s", source->path, work->failure.sentence);
    }
    return OK;
}

static enum outcome split(struct letter *out, struct work *work, char *text, const char *path)
{
    char *line_end = strchr(text, '\n');

    if (!text_starts(text, SUBJECT) || line_end == NULL) {
        return fail(work, BROKEN, "the template %s: line 1 does not begin with \"%s\"", path,
                    SUBJECT);
    }
    *line_end = '\0';
    out->subject = text + strlen(SUBJECT);
    out->text = line_end + 1 + strspn(line_end + 1, "\n");
    return OK;
}

/* A letter on its way into a mail. */
struct draft {
    const struct message *message;
    struct source source;
    struct letter letter;
};

static enum outcome compose(struct draft *draft, struct work *work)
{
    struct message_facts *facts = &draft->letter.facts;
    char *text;

    TRY(find_text(&draft->source, work, draft->message));
    TRY(facts_read(facts, work, draft->message));
    if (instant_given(facts->expires_at)) {
        facts->in_days = days_in_words(work->arena, facts->days_remaining, draft->source.language);
    }
    TRY(render(&text, work, &draft->source, &letter_facts, facts, NULL));
    return split(&draft->letter, work, text, draft->source.path);
}

enum outcome letter_compose(struct letter *out, struct work *work, const struct message *message,
                            struct template_shelf *shelf)
{
    struct draft draft = {.message = message, .source.shelf = shelf};

    TRY(compose(&draft, work));
    *out = draft.letter;
    return OK;
}

/* What a layout can say. */
struct document {
    const char *language;
    const char *subject;
    const char *paragraphs; /* HTML already */
};

static const struct field document_fields[] = {
    FIELD(struct document, language),
    FIELD(struct document, subject),
    FIELD(struct document, paragraphs, .is = FIELD_LINES),
};
static const struct record document_record = RECORD(struct document, document_fields);

static void as_html(struct text *out, const struct field *field, const char *value)
{
    (void)field;
    html_add_text(out, value);
}

static void into_layout(struct text *out, const struct field *field, const char *value)
{
    if (field->offset == offsetof(struct document, paragraphs)) {
        text_add(out, value);
    } else {
        html_add_text(out, value);
    }
}

/* Another one for the same letter. */
static struct source beside(const struct source *source)
{
    return (struct source){.shelf = source->shelf, .language = source->language};
}

static enum outcome lay_out(char **out, struct work *work, const struct draft *draft)
{
    const struct document document = {
        .language = draft->source.language,
        .subject = draft->letter.subject,
        .paragraphs = html_paragraphs(work->arena, draft->letter.text),
    };
    struct source layout = beside(&draft->source);

    const enum outcome outcome =
        read_file(&layout, work,
                  arena_printf(work->arena, "%s/layout.html", work->settings->notify.templates));
    if (outcome == NOT_FOUND) {
        *out = NULL;
        return OK;
    }
    TRY(outcome);
    return render(out, work, &layout, &document_record, &document, into_layout);
}

static enum outcome write_html(char **out, struct work *work, const struct draft *draft)
{
    struct source own = beside(&draft->source);

    const enum outcome outcome =
        read_file(&own, work, path_of(work, draft->message, own.language, "html"));
    if (outcome == NOT_FOUND) {
        return lay_out(out, work, draft);
    }
    TRY(outcome);
    return render(out, work, &own, &letter_facts, &draft->letter.facts, as_html);
}

/* "mentorwatch@example.org" → the part after '@', where Message-IDs live. */
static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');
    return at == NULL ? address : at + 1;
}

/* A pause is nothing that one could ask not to hear of. */
static const char *list_unsubscribe(const struct settings *settings, const struct message *message)
{
    const bool reminds =
        strcmp(message->kind, message_kind_name(MESSAGE_CERTIFICATION_EXPIRING)) == 0;

    return reminds && settings->mail.list_unsubscribe[0] != '\0' ? settings->mail.list_unsubscribe
                                                                 : NULL;
}

enum outcome letter_write(struct mail *out, struct work *work, const struct message *message,
                          struct template_shelf *shelf)
{
    const struct settings *settings = work->settings;
    struct draft draft = {.message = message, .source.shelf = shelf};
    char *html;

    TRY(compose(&draft, work));
    TRY(write_html(&html, work, &draft));
    *out = (struct mail){
        .message_id = arena_printf(work->arena, "%s@%s", message->delivery_id,
                                   domain_of(settings->mail.from)),
        .from = settings->mail.from,
        .from_name = settings->mail.from_name,
        .to = message->address,
        .to_name = message->recipient_name,
        .subject = draft.letter.subject,
        .text = draft.letter.text,
        .html = html,
        .list_unsubscribe = list_unsubscribe(settings, message),
        .date = work->now,
    };
    return OK;
}
