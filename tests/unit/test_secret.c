// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "event/secret.h"

static void test_secret_names(void **state)
{
	static const char *const names[] = {
		"PASS",
		"PASSWD",
		"PASSWORD",
		"SECRET",
		"TOKEN",
		"APIKEY",
		"API_KEY",
		"ACCESS_KEY",
		"PRIVATE_KEY",
		"CREDENTIAL",
		"AUTH",
		"COOKIE",
		"SESSION",
		"KEY",
		"DB_PASS",
		"DB_PASSWORD",
		"db.password",
		"dbPassword",
		"DB-PASSWORD",
		"DB_PASSWORD_2",
		"DB_PASSWORD2",
		"MYSQL_PWD",
		"SSHPASS",
		"DBPASS",
		"MYPASS",
		"DB_PW",
		"ROOTPW",
		"LDAP_BINDPW",
		"PW",
		"WIFI_PSK",
		"WPAPSK",
		/* rather one too many */
		"COMPASS",
		"BYPASS",
		"PGPASSWORD",
		"RESTIC_PASSWORD",
		"SSHPASSWORD",
		"GPG_PASSPHRASE",
		"borg_passphrase",
		"GITHUB_TOKEN",
		"githubToken",
		"GH_TOKEN",
		"NPM_TOKEN",
		"npm_config__authToken",
		"CI_JOB_JWT",
		"npm_config_//npm.example.org/:_authToken",
		"npm_config__auth",
		"ACCESSTOKEN",
		"AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN",
		"AZURE_STORAGE_CONNECTION_STRING",
		"STRIPE_KEY",
		"OPENAI_API_KEY",
		"apiKey",
		"APIKey",
		"SIGNING_KEY_V2",
		"ENCRYPTION_KEYS",
		"GOOGLE_APPLICATION_CREDENTIALS",
		"AWS_CREDS",
		"REDISCLI_AUTH",
		"HTTP_AUTHORIZATION",
		"HTTP_COOKIE",
		"XDG_SESSION_COOKIE",
		"PHP_SESSION",
		"SENTRY_DSN",
		"AZURE_PAT",
		"CLIENT_SECRET",
		"client-secret",
		"A_VERY_LONG_PREFIX_WITHOUT_ANY_MEANING_BUT_WITH_A_PASSWORD",
		"AVERYLONGPREFIXWITHOUTANYMEANINGBUTWITHAPASSWORD",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!secret_name((struct bytes){ names[i], strlen(names[i]) }))
			fail_msg("%s is not taken for a secret", names[i]);
	}
}

static void test_harmless_names(void **state)
{
	static const char *const names[] = {
		"",
		"_",
		"=",
		"PATH",
		"HOME",
		"SHELL",
		"TERM",
		"LANG",
		"LS_COLORS",
		"PWD",
		"OLDPWD",
		"SHLVL",
		"USER",
		"KEYBOARD",
		"KEYMAP",
		"XKB_DEFAULT_LAYOUT",
		"MONKEY",
		"TURKEY",
		"HOTKEYS_ENABLED",
		"KEYTIMEOUT",
		"XAUTHORITY",
		"SSH_AUTH_SOCK",
		"SSH_ASKPASS",
		"SUDO_ASKPASS",
		"GIT_ASKPASS",
		"GIT_AUTHOR_NAME",
		"AUTHOR",
		"DBUS_SESSION_BUS_ADDRESS",
		"XDG_SESSION_ID",
		"XDG_SESSION_TYPE",
		"XDG_SESSION_CLASS",
		"XDG_SESSION_DESKTOP",
		"XDG_SESSION_PATH",
		"DESKTOP_SESSION",
		"GDMSESSION",
		"SESSION_MANAGER",
		"KDE_FULL_SESSION",
		"KDE_SESSION_VERSION",
		"GNOME_DESKTOP_SESSION_ID",
		"TERM_SESSION_ID",
		"WT_SESSION",
		"TOKENIZERS_PARALLELISM",
		"PASSAGE",
		"PWD_WIDTH",
		"SECRETARY",
		"PATH_INFO",
		"PATTERN",
		"COOKIECUTTER",
		"PGPASSFILE",
		"PASSWORD_FILE",
		"AWS_SHARED_CREDENTIALS_FILE",
		"PASSWORD_STORE_DIR",
		"VAULT_SECRET_PATH",
		"GPG_AGENT_INFO",
		"SSH_AGENT_PID",
		"INVOCATION_ID",
		"JOURNAL_STREAM",
		"123",
		"\xff\xfe",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		if (secret_name((struct bytes){ names[i], strlen(names[i]) }))
			fail_msg("%s is taken for a secret", names[i]);
	}
}

struct row {
	struct bytes in;
	const char *out; /* NULL: the same bytes */
};

static void check_values(const struct row *rows, size_t n, bool cut)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < n; i++) {
		struct bytes out = secret_value(arena, rows[i].in, cut);

		if (!rows[i].out) {
			if (out.p != rows[i].in.p)
				fail_msg("%.*s became %.*s", (int)rows[i].in.n, rows[i].in.p, (int)out.n, out.p);
			continue;
		}
		assert_string_equal(out.p, rows[i].out);
		assert_int_equal(out.n, strlen(rows[i].out));
	}
	arena_free(arena);
}

static void test_urls(void **state)
{
	static const struct row rows[] = {
		{ B("https://user:password@host/path"), "https://user:********@host/path" },
		{ B("postgres://u:p@h:5432/db?x=1"), "postgres://u:********@h:5432/db?x=1" },
		{ B("http://:p@h"), "http://:********@h" },
		{ B("http://u:@h"), NULL },
		{ B("a http://u:p@h b ftp://v:q@i c"), "a http://u:********@h b ftp://v:********@i c" },
		{ B("http://u:p@h,http://v:q@i"), "http://u:********@h,http://v:********@i" },
		/* a password in which @ and / should have been encoded */
		{ B("http://u:p@ss@h/x"), "http://u:********@h/x" },
		{ B("http://u:p/q?r#s@h/x"), "http://u:********@h/x" },
		{ B("http://u:p@[::1]:80/"), "http://u:********@[::1]:80/" },
		{ B("https://host:8080/@scope/package"), NULL },
		{ B("https://host:/@scope"), NULL },
		{ B("https://[::1]:8080/@scope"), NULL },
		{ B("https://user@host:80/"), NULL },
		{ B("ssh://git@github.com/x.git"), NULL },
		{ B("https://host/a:b@c"), NULL },
		{ B("https://host/?a:b@c"), NULL },
		{ B("unix:path=/run/user/1000/bus"), NULL },
		{ B("user:password@host"), NULL },
		{ B("mail me@host"), NULL },
		{ B("://"), NULL },
		{ B("x://:"), NULL },
		{ B("://:@"), NULL },
		{ B("http://u:secret"), NULL },
		{ B(""), NULL },
	};

	(void)state;
	check_values(rows, COUNT(rows), false);
}

static void test_cut_urls(void **state)
{
	static const struct row rows[] = {
		{ B("http://u:secr"), "http://u:********" },
		{ B("http://u:123"), "http://u:********" },
		{ B("http://u:"), NULL },
		{ B("http://u"), NULL },
		{ B("http://host:80/path"), NULL },
		{ B("http://u:p@h"), "http://u:********@h" },
	};

	(void)state;
	check_values(rows, COUNT(rows), true);
}

/* Far more URLs than anyone has must not take the time of their number squared. */
static void test_many_urls(void **state)
{
	static const char *const patterns[] = { "://", "://a:", "://a:b/", "a://b:c@d,", "://@", ":" };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(patterns); i++) {
		BUFFER_AUTO struct buffer value = {};

		while (value.n < 2000000)
			buffer_puts(&value, patterns[i]);
		secret_value(arena, (struct bytes){ value.p, value.n }, false);
		secret_value(arena, (struct bytes){ value.p, value.n }, true);
	}
	arena_free(arena);
}

static void test_variables(void **state)
{
	struct arena *arena = arena_new();
	static const struct row rows[] = {
		{ B("DB_PASSWORD=hunter2"), "DB_PASSWORD=********" },
		{ B("DB_PASSWORD=a=b"), "DB_PASSWORD=********" },
		{ B("TOKEN=\0\xff"), "TOKEN=********" },
		{ B("TOKEN="), NULL },
		{ B("TOKEN"), NULL },
		{ B("=TOKEN"), NULL },
		{ B("http_proxy=http://u:p@proxy:3128/"), "http_proxy=http://u:********@proxy:3128/" },
		{ B("HOME=/root"), NULL },
		{ B(""), NULL },
		{ { NULL, 0 }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes out = secret_variable(arena, rows[i].in, false);

		if (rows[i].out)
			assert_string_equal(out.p, rows[i].out);
		else
			assert_ptr_equal(out.p, rows[i].in.p);
	}
	arena_free(arena);
}

static void test_name_with_a_nul(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_bytes(secret_variable(arena, B("A\0PASSWORD=x"), false), "A\0PASSWORD=********");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secret_names),
		cmocka_unit_test(test_harmless_names),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_cut_urls),
		cmocka_unit_test(test_many_urls),
		cmocka_unit_test(test_variables),
		cmocka_unit_test(test_name_with_a_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
