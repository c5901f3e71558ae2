/* The text of one JSON object as properties. Private to this room.
 * Knows: the grammar of RFC 8259, to the letter. Does not know: files, columns, types. */
#ifndef REMIT_RUNTIME_LOAD_JSON_H
#define REMIT_RUNTIME_LOAD_JSON_H

#include "runtime/load/load.h"
#include "lang/base/arena.h"

struct json_property {
    const char *name;   /* not zero-terminated; of a property inside another: both names with a point between */
    size_t name_length;
    struct cell cell;   /* a number, true, false, a list and an object stand as in the file */
    bool is_object;     /* its own properties follow */
};
struct json_object {
    LIST_OF(struct json_property) properties;
    const char *problem; /* when it could not be read: what is wrong, a few words */
    size_t place;        /* and where in the text */
};

/* Reads the text, which is UTF-8, as one object with nothing but spaces round it. False with problem and place set. What it gives lives in the arena and in the text. */
bool json_read_object(struct arena *arena, const char *text, size_t length, struct json_object *object);
/* Reads a text in quotes, which begins at the first byte and takes all of them; false when it is none. */
bool json_read_text(struct arena *arena, const char *text, size_t length, struct cell *cell);

#endif
