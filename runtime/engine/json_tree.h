/* A tree of JSON, written as it is gone through: objects and lists, each member on a line of its own.
 * Knows: JSON. Does not know: what is written. */
#ifndef REMIT_RUNTIME_ENGINE_JSON_TREE_H
#define REMIT_RUNTIME_ENGINE_JSON_TREE_H

#include "lang/base/text.h"
#include "runtime/value/value.h"

/* What is being written: how deep, and whether something stands before on the same level. Zeroed but for out at first. */
struct json {
    struct buffer *out;
    int depth;
    bool has_before;
};

/* name: of the member of an object; NULL in a list. What follows json_begin is the caller's to write. */
void json_begin(struct json *json, const char *name);
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);
void json_string(struct json *json, const char *name, const char *text); /* NULL: null */
void json_number(struct json *json, const char *name, int64_t number);
void json_bool(struct json *json, const char *name, bool value);

#endif
