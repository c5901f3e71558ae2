/* A tree of JSON. See json_tree.h. */
#include "runtime/engine/json_tree.h"

#include <string.h>

void json_begin(struct json *json, const char *name) {
    if (json->has_before)
        buffer_add_char(json->out, ',');
    if (json->depth) {
        buffer_add_char(json->out, '\n');
        buffer_add_repeated(json->out, ' ', json->depth * 2);
    }
    json->has_before = true;
    if (!name) /* of a list */
        return;
    json_write_text(json->out, name, strlen(name));
    buffer_add_string(json->out, ": ");
}

void json_open(struct json *json, const char *name, char bracket) {
    json_begin(json, name);
    buffer_add_char(json->out, bracket);
    json->depth++;
    json->has_before = false;
}

void json_close(struct json *json, char bracket) {
    json->depth--;
    if (json->has_before) {
        buffer_add_char(json->out, '\n');
        buffer_add_repeated(json->out, ' ', json->depth * 2);
    }
    buffer_add_char(json->out, bracket);
    json->has_before = true;
}

void json_string(struct json *json, const char *name, const char *text) {
    json_begin(json, name);
    if (text)
        json_write_text(json->out, text, strlen(text));
    else
        buffer_add_string(json->out, "null");
}

void json_number(struct json *json, const char *name, int64_t number) {
    json_begin(json, name);
    buffer_add_format(json->out, "%lld", (long long)number);
}

void json_bool(struct json *json, const char *name, bool value) {
    json_begin(json, name);
    buffer_add_string(json->out, value ? "true" : "false");
}
