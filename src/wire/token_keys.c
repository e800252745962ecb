/* SPDX-License-Identifier: MIT */
#include "wire/token_keys.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/work.h"
#include "wire/jwk.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = 64 * 1024 };

struct named_key {
    const char *kid; /* NULL: it has no name */
    struct signature_key key;
};

struct token_keys {
    struct arena *arena; /* of these, the keys and their names */
    enum algorithm algorithm;
    enum signature_use use;
    struct list keys; /* of struct named_key */
};

/* A file of keys, and the setting that names it. */
struct key_file {
    const char *setting;
    const char *path;
    struct bytes content;
};

static enum algorithm algorithm_of(const char *name)
{
    enum algorithm algorithm = HS256;

    while (strcmp(algorithm_names[algorithm], name) != 0) {
        algorithm++;
    }
    return algorithm;
}

static struct signature_key *add_key(struct token_keys *keys, const char *kid)
{
    struct named_key *named = list_append(&keys->keys, keys->arena, sizeof(*named));

    named->kid = arena_text(keys->arena, kid);
    return &named->key;
}

static enum outcome load_secret(struct token_keys *keys, struct work *work)
{
    const char *secret = work->settings->token.secret;
    const struct bytes bytes = {(const unsigned char *)secret, strlen(secret)};

    if (bytes.length == 0) {
        return OK;
    }
    const char *wrong = signature_key_secret(add_key(keys, NULL), bytes);
    return wrong == NULL ? OK : fail(work, INVALID, "token.secret %s", wrong);
}

/* Takes `pair` over. */
static enum outcome take_pair(struct token_keys *keys, struct work *work, EVP_PKEY *pair,
                              const char *kid, const char *shown_as)
{
    const char *wrong = signature_key_pair(add_key(keys, kid), keys->algorithm, pair, keys->use);

    EVP_PKEY_free(pair);
    return wrong == NULL ? OK
                         : fail(work, INVALID, "%s %s (token.algorithm is %s)", shown_as, wrong,
                                algorithm_names[keys->algorithm]);
}

static EVP_PKEY *read_pem(struct bytes pem, enum signature_use use)
{
    char no_password[] = ""; /* or OpenSSL would ask for one at the terminal */
    BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.length);
    EVP_PKEY *pair = NULL;

    if (bio != NULL) {
        pair = use == TO_SIGN ? PEM_read_bio_PrivateKey(bio, NULL, NULL, no_password)
                              : PEM_read_bio_PUBKEY(bio, NULL, NULL, no_password);
    }
    BIO_free(bio);
    return pair;
}

static enum outcome load_pem(struct token_keys *keys, struct work *work,
                             const struct key_file *file)
{
    const char *shown_as = arena_printf(work->arena, "%s: %s", file->setting, file->path);

    return take_pair(keys, work, read_pem(file->content, keys->use), NULL, shown_as);
}

/* Among several keys each must be found by its name. */
static enum outcome check_names(const struct token_keys *keys, struct work *work,
                                const struct key_file *file)
{
    const struct named_key *list = keys->keys.items;

    for (size_t i = 0; keys->keys.count > 1 && i < keys->keys.count; i++) {
        if (token_keys_find(keys, list[i].kid) != &list[i].key) {
            return fail(work, INVALID,
                        "%s: %s has several keys for %s, so each must have a kid of its own",
                        file->setting, file->path, algorithm_names[keys->algorithm]);
        }
    }
    return OK;
}

static enum outcome load_set(struct token_keys *keys, struct work *work,
                             const struct key_file *file)
{
    struct list set;

    if (jwks_read(&set, work, file->content) != OK) {
        const char *why = work->failure.sentence;
        work->failure = (struct failure){0};
        return fail(work, INVALID, "%s: %s: %s", file->setting, file->path, why);
    }
    const struct jwk *jwks = set.items;
    for (size_t i = 0; i < set.count; i++) {
        const char *shown_as =
            arena_printf(work->arena, "%s: %s: keys[%zu]", file->setting, file->path, i);
        if (jwk_is_for(&jwks[i], keys->algorithm)) {
            TRY(take_pair(keys, work, jwk_import(&jwks[i], work), jwks[i].kid, shown_as));
        }
    }
    if (!token_keys_given(keys)) {
        return fail(work, INVALID, "%s: %s has no key for %s", file->setting, file->path,
                    algorithm_names[keys->algorithm]);
    }
    return check_names(keys, work, file);
}

static enum outcome read_file(struct key_file *file, struct work *work, enum signature_use use)
{
    struct stat about;
    unsigned char *content = arena_alloc(work->arena, FILE_MAX + 1);
    FILE *open = fopen(file->path, "re");

    if (open == NULL) {
        return fail(work, INVALID, "%s: cannot read %s: %s", file->setting, file->path,
                    strerror(errno));
    }
    const bool known = fstat(fileno(open), &about) == 0;
    const size_t length = fread(content, 1, FILE_MAX + 1, open);
    const bool failed = ferror(open) != 0;
    (void)fclose(open);
    if (!known || failed || length > FILE_MAX) {
        return fail(work, INVALID, "%s: %s is not a file of at most %d bytes", file->setting,
                    file->path, FILE_MAX);
    }
    if (use == TO_SIGN && (about.st_mode & S_IROTH) != 0) {
        return fail(work, INVALID, "%s: everybody can read %s: chmod 640 %s", file->setting,
                    file->path, file->path);
    }
    file->content = (struct bytes){content, length};
    return OK;
}

static bool looks_like_json(struct bytes content)
{
    const char *text = (const char *)content.at;

    return text[strspn(text, " \t\r\n")] == '{';
}

static enum outcome load_file(struct token_keys *keys, struct work *work)
{
    const struct settings *settings = work->settings;
    struct key_file file = {.setting = "token.key_file", .path = settings->token.key_file};

    if (keys->use == TO_SIGN) {
        file = (struct key_file){.setting = "token.private_key_file",
                                 .path = settings->token.private_key_file};
    }
    if (file.path[0] == '\0') {
        return OK;
    }
    TRY(read_file(&file, work, keys->use));
    return keys->use == TO_VERIFY && looks_like_json(file.content) ? load_set(keys, work, &file)
                                                                   : load_pem(keys, work, &file);
}

/* A key for another algorithm is a mistake: whoever set it believes that it is used. */
static enum outcome check_settings(const struct token_keys *keys, struct work *work)
{
    const struct settings *settings = work->settings;

    if (keys->algorithm != HS256 && settings->token.secret[0] != '\0') {
        return fail(work, INVALID, "token.secret is for HS256, but token.algorithm is %s",
                    algorithm_names[keys->algorithm]);
    }
    if (keys->algorithm == HS256 &&
        (settings->token.key_file[0] != '\0' || settings->token.private_key_file[0] != '\0')) {
        return fail(work, INVALID,
                    "token.key_file and token.private_key_file are for RS256 and ES256, but "
                    "token.algorithm is HS256");
    }
    return OK;
}

static enum outcome fill(struct token_keys *keys, struct work *work)
{
    TRY(check_settings(keys, work));
    return keys->algorithm == HS256 ? load_secret(keys, work) : load_file(keys, work);
}

static enum outcome load(struct token_keys **out, struct work *work, enum signature_use use)
{
    struct arena *arena = arena_new();
    struct token_keys *keys = arena_alloc(arena, sizeof(*keys));

    keys->arena = arena;
    keys->algorithm = algorithm_of(work->settings->token.algorithm);
    keys->use = use;
    const enum outcome outcome = fill(keys, work);
    if (outcome != OK) {
        token_keys_free(keys);
        return outcome;
    }
    *out = keys;
    return OK;
}

enum outcome token_keys_load(struct token_keys **out, struct work *work)
{
    return load(out, work, TO_VERIFY);
}

enum outcome token_keys_load_private(struct token_keys **out, struct work *work)
{
    struct token_keys *keys;

    TRY(load(&keys, work, TO_SIGN));
    if (!token_keys_given(keys)) {
        const char *missing = keys->algorithm == HS256 ? "token.secret" : "token.private_key_file";
        token_keys_free(keys);
        return fail(work, INVALID, "%s is not set, so there is nothing to sign tokens with",
                    missing);
    }
    *out = keys;
    return OK;
}

void token_keys_free(struct token_keys *keys)
{
    if (keys == NULL) {
        return;
    }
    struct named_key *list = keys->keys.items;
    for (size_t i = 0; i < keys->keys.count; i++) {
        signature_key_close(&list[i].key);
    }
    arena_free(keys->arena);
}

const char *token_keys_algorithm(const struct token_keys *keys)
{
    return algorithm_names[keys->algorithm];
}

bool token_keys_given(const struct token_keys *keys)
{
    return keys->keys.count > 0;
}

const struct signature_key *token_keys_find(const struct token_keys *keys, const char *kid)
{
    const struct named_key *list = keys->keys.items;

    for (size_t i = 0; i < keys->keys.count; i++) {
        if (kid == NULL ? keys->keys.count == 1
                        : list[i].kid == NULL || strcmp(list[i].kid, kid) == 0) {
            return &list[i].key;
        }
    }
    return NULL;
}
