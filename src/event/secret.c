// SPDX-License-Identifier: GPL-2.0-only
#include "event/secret.h"

#include <stdint.h>
#include <string.h>

#include "base/buffer.h"

/*
 * A name is taken as words: DB_PASSWORD, db.password, dbPassword and DB-PASSWORD-2 are DB and PASSWORD. Rather one
 * value too many is masked than one too few, but those that every session has are told apart.
 */
enum { WORD_MAX = 24 }; /* of a longer word its end is kept */

struct word {
	char text[WORD_MAX];
	size_t n;
};

enum meaning {
	NOTHING,
	SECRET, /* wherever it is in a name */
	SECRET_END, /* also as the end of a longer word: PGPASSWORD */
	SECRET_LAST, /* as the last word */
	SECRET_LAST_OF_MANY, /* as the last word, but not alone: MYSQL_PWD, not PWD */
	HARMLESS_LAST, /* as the last word it says that the value only tells where the secret is */
};

#define WORD(text, meaning)                                                                                            \
	{                                                                                                              \
		text, sizeof(text) - 1, meaning                                                                        \
	}

static const struct meaningful {
	const char *text;
	size_t n;
	enum meaning meaning;
} meaningful_words[] = {
	WORD("ASKPASS", HARMLESS_LAST), /* a program */
	WORD("PASS", SECRET_END),
	WORD("PASSWD", SECRET_END),
	WORD("PASSWORD", SECRET_END),
	WORD("PASSWORDS", SECRET_END),
	WORD("PASSPHRASE", SECRET_END),
	WORD("PSK", SECRET_END),
	WORD("PW", SECRET_END),
	WORD("PWD", SECRET_LAST_OF_MANY),
	WORD("SECRET", SECRET_END),
	WORD("SECRETS", SECRET_END),
	WORD("TOKEN", SECRET_END),
	WORD("TOKENS", SECRET_END),
	WORD("APIKEY", SECRET_END),
	WORD("APIKEYS", SECRET_END),
	WORD("ACCESSKEY", SECRET_END),
	WORD("SECRETKEY", SECRET_END),
	WORD("PRIVATEKEY", SECRET_END),
	WORD("KEY", SECRET_LAST),
	WORD("KEYS", SECRET_LAST),
	WORD("CREDENTIAL", SECRET_END),
	WORD("CREDENTIALS", SECRET_END),
	WORD("CREDS", SECRET_END),
	WORD("AUTH", SECRET_LAST),
	WORD("AUTHORIZATION", SECRET_LAST),
	WORD("BEARER", SECRET),
	WORD("COOKIE", SECRET),
	WORD("COOKIES", SECRET),
	WORD("DSN", SECRET_LAST),
	WORD("JWT", SECRET),
	WORD("PAT", SECRET_LAST_OF_MANY),
	WORD("SESSION", SECRET_LAST),
	WORD("DIR", HARMLESS_LAST),
	WORD("FILE", HARMLESS_LAST),
	WORD("PATH", HARMLESS_LAST),
	WORD("SOCK", HARMLESS_LAST),
	WORD("SOCKET", HARMLESS_LAST),
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
	return word->n && word->text[0] == text[0] && word->n == strlen(text) && !memcmp(word->text, text, word->n);
}

static bool word_means(const struct word *word, const struct meaningful *row)
{
	size_t before = word->n - row->n;

	/* Most rows are ruled out by the last letter alone. */
	if (word->n < row->n || word->text[word->n - 1] != row->text[row->n - 1])
		return false;
	return (!before || row->meaning == SECRET_END) && !memcmp(word->text + before, row->text, row->n);
}

static enum meaning word_meaning(const struct word *word)
{
	for (size_t i = 0; word->n && i < sizeof(meaningful_words) / sizeof(meaningful_words[0]); i++)
		if (word_means(word, &meaningful_words[i]))
			return meaningful_words[i].meaning;
	return NOTHING;
}

static bool is_secret_pair(const struct word *first, const struct word *second)
{
	for (size_t i = 0; i < sizeof(secret_pairs) / sizeof(secret_pairs[0]); i++)
		if (word_is(first, secret_pairs[i][0]) && word_is(second, secret_pairs[i][1]))
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
		if (bytes_is(name, harmless_names[i]))
			return true;
	return false;
}

static bool name_is_secret(struct bytes name)
{
	enum meaning meaning = NOTHING;
	struct word last = {};
	bool found = false;
	size_t words = 0;

	for (size_t at = 0; at < name.n;) {
		struct word word = word_next(name, &at);

		if (!word.n)
			continue;
		words++;
		meaning = word_meaning(&word);
		found |= meaning == SECRET || meaning == SECRET_END || is_secret_pair(&last, &word);
		last = word;
	}
	found |= meaning == SECRET_LAST || (meaning == SECRET_LAST_OF_MANY && words > 1);
	return found && meaning != HARMLESS_LAST && !is_harmless_name(name);
}

/* Names that came before, by a hash: of most events they are the same. */
enum { MEMO_NAME = 40, MEMO_SLOTS = 512 };

static struct memo {
	char name[MEMO_NAME];
	unsigned char n; /* 0: empty */
	bool secret;
} memos[MEMO_SLOTS];

static struct memo *memo_of(struct bytes name)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < name.n; i++)
		hash = (hash ^ (unsigned char)name.p[i]) * 16777619u;
	return &memos[hash % MEMO_SLOTS];
}

bool secret_name(struct bytes name)
{
	struct memo *memo;

	if (!name.n || name.n > MEMO_NAME)
		return name_is_secret(name);
	memo = memo_of(name);
	if (memo->n == name.n && !memcmp(memo->name, name.p, name.n))
		return memo->secret;
	memo->n = (unsigned char)name.n;
	memcpy(memo->name, name.p, name.n);
	memo->secret = name_is_secret(name);
	return memo->secret;
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

/* Where the last @ between from and to is, or to where there is none. */
static size_t last_at(struct bytes in, size_t from, size_t to)
{
	for (size_t i = to; i-- > from;)
		if (in.p[i] == '@')
			return i;
	return to;
}

#define URL_ENDS " \t\r\n\"'<>"

/* What a URL is part of: bytes without a space. It can hold many, so it is searched but once. */
struct token {
	size_t end;
	size_t at; /* its last @, or end */
};

static struct token token_at(struct bytes in, size_t from)
{
	size_t end = span_until(in, from, URL_ENDS);

	return (struct token){ end, last_at(in, from, end) };
}

/*
 * The password in scheme://user:password@host, whose "://" ends at `from`: where it begins, and in *end where it ends.
 * Both are the same where there is none. A password should have its / and @ encoded, but not everyone knows.
 */
static size_t password_in(struct bytes in, size_t from, struct token token, bool cut, size_t *end)
{
	size_t authority = span_until(in, from, "/?#" URL_ENDS);
	size_t colon = span_until(in, from, ":@/?#" URL_ENDS);
	size_t at;

	*end = from;
	if (colon >= authority || in.p[colon] != ':' || in.p[from] == '[')
		return from;
	at = last_at(in, colon + 1, authority);
	if (at < authority)
		*end = at;
	else if (!is_number(in, colon + 1, authority) && token.at >= authority && token.at < token.end)
		*end = token.at;
	else if (cut && authority == in.n)
		*end = in.n;
	else
		return from;
	return colon + 1;
}

/* Behind the next "://", or the end. */
static size_t next_url(struct bytes in, size_t from)
{
	const char *colon;

	while (from < in.n && (colon = memchr(in.p + from, ':', in.n - from))) {
		from = (size_t)(colon - in.p) + 1;
		if (in.n - from >= 2 && colon[1] == '/' && colon[2] == '/')
			return from + 2;
	}
	return in.n;
}

struct bytes secret_value(struct arena *arena, struct bytes value, bool cut)
{
	BUFFER_AUTO struct buffer out = {};
	struct token token = {};
	size_t copied = 0, begin, end;

	for (size_t from = next_url(value, 0); from < value.n; from = next_url(value, end)) {
		if (from >= token.end)
			token = token_at(value, from);
		begin = password_in(value, from, token, cut, &end);
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
