/* Rows kept compactly in memory, sorted, spilled to a file and merged again. See loader.h. */
#include "runtime/store/loader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Encoding of a value: a byte for its kind, then nothing, a zigzag number of 7 bits a byte, 8 bytes of a double, or a length and the text. */
struct entry {
    int64_t owner;
    uint32_t offset;   /* of the row's bytes; LOADER_BYTES is well below 32 bits */
    uint32_t sequence; /* id - first_id */
};
struct row_buffer {
    int value_count;
    uint8_t *bytes;
    size_t length, capacity;
    struct entry *entries, *spare;
    size_t count, entry_capacity;
    int64_t first_id, owner_max, last_owner;
    bool is_sorted;
};

static void *grown(void *memory, size_t size) {
    void *larger = realloc(memory, size);
    assert(larger);
    return larger;
}

struct row_buffer *row_buffer_create(int value_count) {
    struct row_buffer *buffer = calloc(1, sizeof *buffer);
    assert(buffer);
    buffer->value_count = value_count;
    row_buffer_clear(buffer);
    return buffer;
}

void row_buffer_destroy(struct row_buffer *buffer) {
    if (!buffer)
        return;
    free(buffer->bytes);
    free(buffer->entries);
    free(buffer->spare);
    free(buffer);
}

void row_buffer_clear(struct row_buffer *buffer) {
    buffer->length = buffer->count = 0;
    buffer->owner_max = 0;
    buffer->last_owner = INT64_MIN;
    buffer->is_sorted = true;
}

size_t row_buffer_bytes(const struct row_buffer *buffer) {
    return buffer->length + 2 * buffer->count * sizeof(struct entry); /* sorting needs the entries twice */
}

int64_t row_buffer_rows(const struct row_buffer *buffer) {
    return (int64_t)buffer->count;
}

static uint8_t *put_number(uint8_t *at, uint64_t number) {
    while (number >= 0x80) {
        *at++ = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    *at++ = (uint8_t)number;
    return at;
}

static const uint8_t *get_number(const uint8_t *at, uint64_t *number) {
    uint64_t result = *at & 0x7F;
    for (int shift = 7; *at++ & 0x80; shift += 7)
        result |= (uint64_t)(*at & 0x7F) << shift;
    *number = result;
    return at;
}

static uint8_t *put_value(uint8_t *at, struct value value) {
    *at++ = value.kind;
    switch ((enum value_kind)value.kind) {
    case VALUE_MISSING:
        break;
    case VALUE_INT:
        return put_number(at, ((uint64_t)value.integer << 1) ^ (uint64_t)(value.integer < 0 ? -1 : 0));
    case VALUE_NUMBER:
        memcpy(at, &value.number, sizeof value.number);
        return at + sizeof value.number;
    case VALUE_TEXT:
        at = put_number(at, value.length);
        if (value.length)
            memcpy(at, value.text, value.length);
        return at + value.length;
    }
    return at;
}

static const uint8_t *get_value(const uint8_t *at, struct value *value) {
    uint64_t number;
    value->kind = *at++;
    switch ((enum value_kind)value->kind) {
    case VALUE_MISSING:
        break;
    case VALUE_INT:
        at = get_number(at, &number);
        value->integer = (int64_t)((number >> 1) ^ (~(number & 1) + 1));
        break;
    case VALUE_NUMBER:
        memcpy(&value->number, at, sizeof value->number);
        at += sizeof value->number;
        break;
    case VALUE_TEXT:
        at = get_number(at, &number);
        value->length = (uint32_t)number;
        value->text = (const char *)at;
        at += number;
        break;
    }
    return at;
}

enum { VALUE_BYTES_MAX = 11 /* without text: a kind and ten bytes of a number */ };

void row_buffer_add(struct row_buffer *buffer, int64_t owner, int64_t id, const struct value *values) {
    size_t room = (size_t)buffer->value_count * VALUE_BYTES_MAX;
    for (int i = 0; i < buffer->value_count; i++)
        room += values[i].kind == VALUE_TEXT ? values[i].length : 0;
    if (buffer->length + room > buffer->capacity) {
        buffer->capacity = 2 * buffer->capacity + room + 65536;
        buffer->bytes = grown(buffer->bytes, buffer->capacity);
    }
    if (buffer->count == buffer->entry_capacity) {
        buffer->entry_capacity = 2 * buffer->entry_capacity + 1024;
        buffer->entries = grown(buffer->entries, buffer->entry_capacity * sizeof *buffer->entries);
    }
    if (buffer->count == 0)
        buffer->first_id = id;
    buffer->is_sorted = buffer->is_sorted && owner >= buffer->last_owner;
    buffer->last_owner = owner;
    buffer->owner_max = owner > buffer->owner_max ? owner : buffer->owner_max;
    buffer->entries[buffer->count++] = (struct entry){owner, (uint32_t)buffer->length, (uint32_t)(id - buffer->first_id)};
    uint8_t *at = buffer->bytes + buffer->length;
    for (int i = 0; i < buffer->value_count; i++)
        at = put_value(at, values[i]);
    buffer->length = (size_t)(at - buffer->bytes);
}

/* Owners are ids: whole numbers from 1. A radix sort by 11 bits at a time keeps the order of equals. */
void row_buffer_sort(struct row_buffer *buffer) {
    enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };
    if (buffer->is_sorted)
        return;
    buffer->spare = grown(buffer->spare, buffer->entry_capacity * sizeof *buffer->spare);
    for (int shift = 0; shift < 63 && buffer->owner_max >> shift; shift += DIGIT_BITS) {
        size_t starts[DIGITS] = {0}, sum = 0;
        for (size_t i = 0; i < buffer->count; i++)
            starts[buffer->entries[i].owner >> shift & (DIGITS - 1)]++;
        for (int i = 0; i < DIGITS; i++) {
            size_t count = starts[i];
            starts[i] = sum;
            sum += count;
        }
        for (size_t i = 0; i < buffer->count; i++)
            buffer->spare[starts[buffer->entries[i].owner >> shift & (DIGITS - 1)]++] = buffer->entries[i];
        struct entry *sorted = buffer->spare;
        buffer->spare = buffer->entries;
        buffer->entries = sorted;
    }
    buffer->is_sorted = true;
}

static size_t row_length(const struct row_buffer *buffer, const uint8_t *bytes) {
    const uint8_t *at = bytes;
    struct value value;
    for (int i = 0; i < buffer->value_count; i++)
        at = get_value(at, &value);
    return (size_t)(at - bytes);
}

/* A row in the file: owner, id and length, 8 bytes each, and its bytes. */
bool row_buffer_spill(struct row_buffer *buffer, FILE *file) {
    for (size_t i = 0; i < buffer->count; i++) {
        const uint8_t *bytes = buffer->bytes + buffer->entries[i].offset;
        int64_t head[3] = {buffer->entries[i].owner, buffer->first_id + buffer->entries[i].sequence, (int64_t)row_length(buffer, bytes)};
        if (fwrite(head, sizeof head, 1, file) != 1 || fwrite(bytes, 1, (size_t)head[2], file) != (size_t)head[2])
            return false;
    }
    return fflush(file) == 0;
}

/* ---- merging ---- */

struct run {
    int64_t at, end;        /* in the file, bytes not read yet */
    uint8_t *bytes;
    size_t position, length, capacity;
    int64_t owner, id;      /* of the row in front */
    size_t row_bytes;       /* its length; it stands at position */
    bool has_row;
};
struct row_source {
    struct row_buffer *buffer;
    size_t next;            /* in the buffer */
    FILE *file;
    struct run *runs;
    int run_count;
    struct run *given;      /* the run whose row was given last: it moves on at the next call */
    bool failed;
};

/* Sees to it that `wanted` bytes stand at position. */
static bool run_fill(struct row_source *source, struct run *run, size_t wanted) {
    if (run->length - run->position >= wanted)
        return true;
    memmove(run->bytes, run->bytes + run->position, run->length - run->position);
    run->length -= run->position;
    run->position = 0;
    if (wanted > run->capacity) {
        run->capacity = wanted;
        run->bytes = grown(run->bytes, run->capacity);
    }
    size_t room = run->capacity - run->length, left = (size_t)(run->end - run->at), read = room < left ? room : left;
    if (fseeko(source->file, run->at, SEEK_SET) != 0 || fread(run->bytes + run->length, 1, read, source->file) != read || run->length + read < wanted) {
        source->failed = true;
        return false;
    }
    run->at += (int64_t)read;
    run->length += read;
    return true;
}

static void run_advance(struct row_source *source, struct run *run) {
    int64_t head[3];
    run->has_row = false;
    run->position += run->row_bytes;
    run->row_bytes = 0;
    if (run->at == run->end && run->position == run->length)
        return;
    if (!run_fill(source, run, sizeof head))
        return;
    memcpy(head, run->bytes + run->position, sizeof head);
    run->position += sizeof head;
    if (!run_fill(source, run, (size_t)head[2]))
        return;
    run->owner = head[0];
    run->id = head[1];
    run->row_bytes = (size_t)head[2];
    run->has_row = true;
}

struct row_source *row_source_open(struct row_buffer *buffer, FILE *file, const int64_t *run_lengths, int run_count) {
    struct row_source *source = calloc(1, sizeof *source);
    assert(source);
    source->buffer = buffer;
    source->file = file;
    source->run_count = run_count;
    source->runs = calloc((size_t)run_count + 1, sizeof *source->runs);
    assert(source->runs);
    int64_t at = 0;
    for (int i = 0; i < run_count; i++) {
        struct run *run = &source->runs[i];
        run->at = at;
        run->end = at += run_lengths[i];
        run->capacity = RUN_BUFFER_BYTES;
        run->bytes = grown(NULL, run->capacity);
        run_advance(source, run);
    }
    return source;
}

static bool comes_before(int64_t owner, int64_t id, const struct run *run) {
    return owner < run->owner || (owner == run->owner && id < run->id);
}

bool row_source_next(struct row_source *source, int64_t *owner, int64_t *id, struct value *values) {
    struct row_buffer *buffer = source->buffer;
    if (source->given)
        run_advance(source, source->given);
    source->given = NULL;
    if (source->failed)
        return false;
    struct run *first = NULL; /* runs are few: a heap would not pay */
    for (int i = 0; i < source->run_count; i++)
        if (source->runs[i].has_row && (!first || comes_before(source->runs[i].owner, source->runs[i].id, first)))
            first = &source->runs[i];
    const uint8_t *at;
    if (source->next < buffer->count) {
        const struct entry *entry = &buffer->entries[source->next];
        if (!first || comes_before(entry->owner, buffer->first_id + entry->sequence, first)) {
            source->next++;
            *owner = entry->owner;
            *id = buffer->first_id + entry->sequence;
            at = buffer->bytes + entry->offset;
            for (int i = 0; i < buffer->value_count; i++)
                at = get_value(at, &values[i]);
            return true;
        }
    }
    if (!first)
        return false;
    source->given = first;
    *owner = first->owner;
    *id = first->id;
    at = first->bytes + first->position;
    for (int i = 0; i < buffer->value_count; i++)
        at = get_value(at, &values[i]);
    return true;
}

bool row_source_failed(const struct row_source *source) {
    return source->failed;
}

void row_source_close(struct row_source *source) {
    if (!source)
        return;
    for (int i = 0; i < source->run_count; i++)
        free(source->runs[i].bytes);
    free(source->runs);
    free(source);
}
