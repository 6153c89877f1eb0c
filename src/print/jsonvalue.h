/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of fields as JSON. json-c is asked for escapes, through an object of it that serves again and again; what
 * needs none, numbers and the brackets are written here. To build json-c's tree of each event and throw it away took
 * three times as long.
 */
#ifndef EXECFAIL_JSONVALUE_H
#define EXECFAIL_JSONVALUE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "event/value.h"
#include "print/output.h"

struct json;

struct json *json_new(void);
void json_free(struct json *json);

/* A member's name, with the comma before it and the colon behind it. It is plain ASCII, and needs no escape. */
void json_key(struct buffer *out, const char *key);

/* The field is where the originals of what is not UTF-8 are kept, for the value of the type VALUE_RAW. */
void json_value(struct buffer *out, struct json *json, const char *field, const struct value *value);

/* Nothing is kept of what is not UTF-8; p NULL is null. */
void json_string(struct buffer *out, struct json *json, struct bytes bytes);

/* Of a printer whose state is a struct json. */
int json_begin(struct output *output);
int json_end(struct output *output);

/* Of another event; whether something was kept since. */
void json_begin_raw(struct json *json);
bool json_has_raw(const struct json *json);

#endif
