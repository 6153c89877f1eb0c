// SPDX-License-Identifier: GPL-2.0-only
#include "cause/check_report.h"

#include <json-c/json.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cause/reasons.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

static void say_table(const struct check_findings *findings, FILE *out)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct check_finding *f = &findings->v[i];
		BUFFER_AUTO struct buffer path = {};

		text_quote(&path, bytes_of(f->path));
		fprintf(out, "%s: %s (%s%s%s)\n", buffer_string(&path), f->hint, f->reason, f->error ? ", " : "",
			f->error ? f->error : "");
	}
}

/* --- JSON --- */

static struct json_object *string(const char *text)
{
	BUFFER_AUTO struct buffer repaired = {};

	if (!text)
		return NULL;
	text_repair(&repaired, bytes_of(text));
	return memory_need(json_object_new_string(buffer_string(&repaired)));
}

static struct json_object *object(void)
{
	return memory_need(json_object_new_object());
}

static struct json_object *array(void)
{
	return memory_need(json_object_new_array());
}

static void put_line(struct json_object *json, FILE *out)
{
	BUFFER_AUTO struct buffer line = {};
	struct bytes text;

	text.p = memory_need((void *)json_object_to_json_string_length(
		json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &text.n));
	text_json(&line, text);
	fprintf(out, "%s\n", buffer_string(&line));
	json_object_put(json);
}

static void say_json(const struct check_findings *findings, FILE *out)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct check_finding *f = &findings->v[i];
		struct json_object *line = object();

		json_object_object_add(line, "path", string(f->path));
		json_object_object_add(line, "starts", json_object_new_boolean(false));
		json_object_object_add(line, "errno", string(f->error));
		json_object_object_add(line, "stage", string(f->stage));
		json_object_object_add(line, "reason", string(f->reason));
		json_object_object_add(line, "hint", string(f->hint));
		put_line(line, out);
	}
}

/* --- SARIF 2.1.0: what code hosts and editors read of tools that look for mistakes --- */

/* A path as a URI: what may not be in one is %XX. */
static struct json_object *uri_of(const char *path)
{
	static const char plain[] = "/-._~";
	BUFFER_AUTO struct buffer uri = {};

	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if ((c | 32) >= 'a' && (c | 32) <= 'z')
			buffer_put(&uri, *path);
		else if ((c >= '0' && c <= '9') || strchr(plain, c))
			buffer_put(&uri, *path);
		else
			buffer_printf(&uri, "%%%02X", c);
	}
	return memory_need(json_object_new_string(buffer_string(&uri)));
}

static struct json_object *message_of(const char *text)
{
	struct json_object *message = object();

	json_object_object_add(message, "text", string(text));
	return message;
}

static struct json_object *rule_of(const char *reason)
{
	const char *looks, *fix;
	struct json_object *rule = object();

	json_object_object_add(rule, "id", string(reason));
	if (reasons_find(reason, &looks, &fix)) {
		json_object_object_add(rule, "shortDescription", message_of(looks));
		json_object_object_add(rule, "help", message_of(fix));
	}
	return rule;
}

/* The index of a rule among those that are told, which are those that were met. */
static int index_of(struct json_object *rules, const char *reason)
{
	size_t n = json_object_array_length(rules);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(json_object_get_string(json_object_object_get(json_object_array_get_idx(rules, i), "id")),
			    reason))
			return (int)i;
	json_object_array_add(rules, rule_of(reason));
	return (int)n;
}

static struct json_object *location_of(const char *path)
{
	struct json_object *location = object(), *physical = object(), *artifact = object(), *list = array();

	json_object_object_add(artifact, "uri", uri_of(path));
	json_object_object_add(artifact, "uriBaseId", string("TREE"));
	json_object_object_add(physical, "artifactLocation", artifact);
	json_object_object_add(location, "physicalLocation", physical);
	json_object_array_add(list, location);
	return list;
}

static struct json_object *result_of(const struct check_finding *f, struct json_object *rules)
{
	struct json_object *result = object();

	json_object_object_add(result, "ruleId", string(f->reason));
	json_object_object_add(result, "ruleIndex", json_object_new_int(index_of(rules, f->reason)));
	json_object_object_add(result, "level", string("error"));
	json_object_object_add(result, "message", message_of(f->hint));
	json_object_object_add(result, "locations", location_of(f->path));
	return result;
}

static struct json_object *tool_of(struct json_object *rules)
{
	struct json_object *tool = object(), *driver = object();

	json_object_object_add(driver, "name", string("execfail"));
	json_object_object_add(driver, "version", string(VERSION));
	json_object_object_add(driver, "rules", rules);
	json_object_object_add(tool, "driver", driver);
	return tool;
}

static void say_sarif(const struct check_findings *findings, FILE *out)
{
	struct json_object *log = object(), *runs = array(), *run = object(), *results = array(), *rules = array();

	for (size_t i = 0; i < findings->n; i++)
		json_object_array_add(results, result_of(&findings->v[i], rules));
	json_object_object_add(run, "tool", tool_of(rules));
	json_object_object_add(run, "columnKind", string("unicodeCodePoints"));
	json_object_object_add(run, "results", results);
	json_object_array_add(runs, run);
	json_object_object_add(log, "$schema", string("https://json.schemastore.org/sarif-2.1.0.json"));
	json_object_object_add(log, "version", string("2.1.0"));
	json_object_object_add(log, "runs", runs);
	put_line(log, out);
}

void check_report(const struct check_findings *findings, const struct check_request *request, FILE *out)
{
	static void (*const says[])(const struct check_findings *findings, FILE *out) = {
		[CHECK_TABLE] = say_table,
		[CHECK_JSON] = say_json,
		[CHECK_SARIF] = say_sarif,
	};

	says[request->form](findings, out);
}
