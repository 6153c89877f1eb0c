// SPDX-License-Identifier: GPL-2.0-only
#include "secret.h"

#include <string.h>

#include "buffer.h"

/*
 * A name is taken as words: DB_PASSWORD, db.password, dbPassword and DB-PASSWORD-2 are DB and PASSWORD. Rather one
 * value too many is masked than one too few, but those that every session has are told apart.
 */
enum { WORD_MAX = 24 }; /* of a longer word its end is kept */

struct word {
	char text[WORD_MAX];
	size_t n;
};

enum where {
	ANYWHERE, /* as a word of its own */
	WORD_END, /* also as the end of a longer word: PGPASSWORD */
	LAST, /* as the last word */
	LAST_OF_MANY, /* as the last word, but not alone: MYSQL_PWD, not PWD */
	HARMLESS_LAST, /* as the last word it says that the value only tells where the secret is */
};

static const struct {
	const char *text;
	enum where where;
} secret_words[] = {
	{ "PASS", ANYWHERE },
	{ "PASSWD", WORD_END },
	{ "PASSWORD", WORD_END },
	{ "PASSWORDS", WORD_END },
	{ "PASSPHRASE", WORD_END },
	{ "PWD", LAST_OF_MANY },
	{ "SECRET", WORD_END },
	{ "SECRETS", WORD_END },
	{ "TOKEN", WORD_END },
	{ "TOKENS", WORD_END },
	{ "APIKEY", WORD_END },
	{ "APIKEYS", WORD_END },
	{ "ACCESSKEY", WORD_END },
	{ "SECRETKEY", WORD_END },
	{ "PRIVATEKEY", WORD_END },
	{ "KEY", LAST },
	{ "KEYS", LAST },
	{ "CREDENTIAL", WORD_END },
	{ "CREDENTIALS", WORD_END },
	{ "CREDS", WORD_END },
	{ "AUTH", LAST },
	{ "AUTHORIZATION", LAST },
	{ "BEARER", ANYWHERE },
	{ "COOKIE", ANYWHERE },
	{ "COOKIES", ANYWHERE },
	{ "DSN", LAST },
	{ "JWT", ANYWHERE },
	{ "PAT", LAST_OF_MANY },
	{ "SESSION", LAST },
	{ "DIR", HARMLESS_LAST },
	{ "FILE", HARMLESS_LAST },
	{ "PATH", HARMLESS_LAST },
	{ "SOCK", HARMLESS_LAST },
	{ "SOCKET", HARMLESS_LAST },
};

/* Two words that only together are a secret, wherever: AWS_ACCESS_KEY_ID. */
static const char *const secret_pairs[][2] = {
	{ "ACCESS", "KEY" }, { "API", "KEY" }, { "CONNECTION", "STRING" }, { "PRIVATE", "KEY" }, { "SIGNING", "KEY" },
};

static const char *const harmless_names[] = {
	"DESKTOP_SESSION",
	"KDE_FULL_SESSION",
	"WT_SESSION",
};

static bool word_is(const struct word *word, const char *text)
{
	return word->n == strlen(text) && !memcmp(word->text, text, word->n);
}

static bool word_ends(const struct word *word, const char *text)
{
	size_t n = strlen(text);

	return word->n >= n && !memcmp(word->text + word->n - n, text, n);
}

static bool is_secret_word(const struct word *word)
{
	for (size_t i = 0; i < sizeof(secret_words) / sizeof(secret_words[0]); i++) {
		enum where where = secret_words[i].where;

		if ((where == ANYWHERE && word_is(word, secret_words[i].text)) ||
		    (where == WORD_END && word_ends(word, secret_words[i].text)))
			return true;
	}
	return false;
}

static bool is_secret_pair(const struct word *first, const struct word *second)
{
	for (size_t i = 0; i < sizeof(secret_pairs) / sizeof(secret_pairs[0]); i++)
		if (word_is(first, secret_pairs[i][0]) && word_is(second, secret_pairs[i][1]))
			return true;
	return false;
}

static bool is_last(const struct word *word, enum where where)
{
	for (size_t i = 0; i < sizeof(secret_words) / sizeof(secret_words[0]); i++)
		if (secret_words[i].where == where && word_is(word, secret_words[i].text))
			return true;
	return false;
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void word_add(struct word *word, char c)
{
	if (word->n == WORD_MAX)
		memmove(word->text, word->text + 1, --word->n);
	word->text[word->n++] = is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

/* The word that begins at *at or behind it, without digits at its end; n is 0 when there is none left. */
static struct word word_next(struct bytes name, size_t *at)
{
	struct word word = {};
	size_t i = *at;

	while (i < name.n && !is_lower(name.p[i]) && !is_upper(name.p[i]))
		i++;
	for (size_t first = i; i < name.n; i++) {
		char c = name.p[i];

		if (!is_lower(c) && !is_upper(c) && !is_digit(c))
			break;
		if (i > first && is_upper(c) && is_lower(name.p[i - 1]))
			break;
		word_add(&word, c);
	}
	while (word.n && is_digit(word.text[word.n - 1]))
		word.n--;
	*at = i;
	return word;
}

static bool is_harmless_name(struct bytes name)
{
	for (size_t i = 0; i < sizeof(harmless_names) / sizeof(harmless_names[0]); i++)
		if (name.n == strlen(harmless_names[i]) && !memcmp(name.p, harmless_names[i], name.n))
			return true;
	return false;
}

bool secret_name(struct bytes name)
{
	struct word word = {}, last = {};
	bool found = false;
	size_t words = 0;

	for (size_t at = 0; at < name.n;) {
		word = word_next(name, &at);
		if (!word.n)
			continue;
		words++;
		found |= is_secret_word(&word) || is_secret_pair(&last, &word);
		last = word;
	}
	found |= is_last(&last, LAST) || (words > 1 && is_last(&last, LAST_OF_MANY));
	return found && !is_last(&last, HARMLESS_LAST) && !is_harmless_name(name);
}

static size_t span_until(struct bytes in, size_t from, const char *ends)
{
	size_t i = from;

	while (i < in.n && !(in.p[i] && strchr(ends, in.p[i])))
		i++;
	return i;
}

static bool is_number(struct bytes in, size_t from, size_t to)
{
	while (from < to && is_digit(in.p[from]))
		from++;
	return from == to;
}

#define URL_ENDS " \t\r\n\"'<>"

/*
 * The password in scheme://user:password@host, whose "://" ends at `from`: where it begins, and in *end where it ends.
 * Both are the same where there is none. A password should have its / and @ encoded, but not everyone knows.
 */
static size_t password_in(struct bytes in, size_t from, bool cut, size_t *end)
{
	size_t authority = span_until(in, from, "/?#" URL_ENDS);
	size_t url = span_until(in, from, URL_ENDS);
	size_t colon = span_until(in, from, ":/?#" URL_ENDS);
	bool port = is_number(in, colon + 1, authority);
	const char *at;

	*end = from;
	if (colon >= authority || in.p[from] == '[' || memchr(in.p + from, '@', colon - from))
		return from;
	at = memrchr(in.p + colon, '@', authority - colon);
	if (!at && !port)
		at = memrchr(in.p + colon, '@', url - colon);
	if (!at && !(cut && authority == in.n))
		return from;
	*end = at ? (size_t)(at - in.p) : in.n;
	return colon + 1;
}

struct bytes secret_value(struct arena *arena, struct bytes value, bool cut)
{
	BUFFER_AUTO struct buffer out = {};
	size_t copied = 0, from, begin, end;
	const char *mark;

	for (from = 0; from < value.n; from = end) {
		mark = memmem(value.p + from, value.n - from, "://", 3);
		if (!mark)
			break;
		begin = password_in(value, (size_t)(mark - value.p) + 3, cut, &end);
		if (begin == end)
			continue;
		buffer_add(&out, value.p + copied, begin - copied);
		buffer_puts(&out, SECRET_MASK);
		copied = end;
	}
	if (!copied)
		return value;
	buffer_add(&out, value.p + copied, value.n - copied);
	return (struct bytes){ arena_copy(arena, out.p, out.n), out.n };
}

struct bytes secret_variable(struct arena *arena, struct bytes variable, bool cut)
{
	const char *equals = variable.p ? memchr(variable.p, '=', variable.n) : NULL;
	const size_t mask = strlen(SECRET_MASK);
	size_t name, kept;
	char *masked;

	if (!equals)
		return variable;
	name = (size_t)(equals - variable.p);
	kept = name + 1;
	if (!secret_name((struct bytes){ variable.p, name }))
		return secret_value(arena, variable, cut);
	/* That there is nothing is no secret, and can be the cause. */
	if (kept == variable.n)
		return variable;
	masked = arena_alloc(arena, kept + mask + 1);
	memcpy(masked, variable.p, kept);
	memcpy(masked + kept, SECRET_MASK, mask);
	return (struct bytes){ masked, kept + mask };
}
