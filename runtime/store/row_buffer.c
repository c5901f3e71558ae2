/* Rows kept compactly in memory, sorted, spilled to a file and merged again. See loader.h. */
#include "runtime/store/loader.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

enum { HEAD_BYTES = 30, HEAD_NUMBERS = 3 /* a row in the file: owner, id and length as numbers, and its bytes */ };

bool row_buffer_spill(struct row_buffer *buffer, FILE *file) {
    for (size_t i = 0; i < buffer->count; i++) {
        const uint8_t *bytes = buffer->bytes + buffer->entries[i].offset;
        size_t length = row_length(buffer, bytes);
        uint8_t head[HEAD_BYTES];
        uint8_t *end = put_number(put_number(put_number(head, (uint64_t)buffer->entries[i].owner), (uint64_t)buffer->first_id + buffer->entries[i].sequence), length);
        if (fwrite(head, 1, (size_t)(end - head), file) != (size_t)(end - head) || fwrite(bytes, 1, length, file) != length)
            return false;
    }
    return fflush(file) == 0;
}

/* ---- merging: the rows in memory are one more run ---- */

struct run {
    int64_t at, end;        /* in the file, bytes not read yet */
    uint8_t *bytes;         /* NULL for the run in memory */
    size_t position, length, capacity;
    int64_t owner, id;      /* of the row in front */
    const uint8_t *row;     /* its values */
    size_t row_bytes;       /* in the file: its length */
};
struct row_source {
    struct row_buffer *buffer;
    size_t next;            /* in the buffer */
    int descriptor;
    struct run *runs, **heap; /* of the heap the first comes first; those at their end are not in it */
    int run_count, heap_count;
    bool was_given;         /* the first row of the first run: it moves on at the next call */
    bool failed;
};

/* Reads on; false when the file cannot be read. */
static bool run_read(struct row_source *source, struct run *run) {
    memmove(run->bytes, run->bytes + run->position, run->length - run->position);
    run->length -= run->position;
    run->position = 0;
    if (run->length == run->capacity) {
        run->capacity *= 2;
        run->bytes = grown(run->bytes, run->capacity);
    }
    size_t room = run->capacity - run->length, left = (size_t)(run->end - run->at);
    ssize_t count;
    do
        count = pread(source->descriptor, run->bytes + run->length, room < left ? room : left, (off_t)run->at);
    while (count < 0 && errno == EINTR);
    if (count <= 0) {
        errno = count < 0 ? errno : EIO;
        source->failed = true;
        return false;
    }
    run->at += count;
    run->length += (size_t)count;
    return true;
}

/* Sees to it that `wanted` bytes stand at position, or all that there are. */
static bool run_fill(struct row_source *source, struct run *run, size_t wanted) {
    while (run->length - run->position < wanted && run->at < run->end)
        if (!run_read(source, run))
            return false;
    return true;
}

/* The next row of a run in the file. False at its end, or when the file cannot be read. */
static bool run_advance(struct row_source *source, struct run *run) {
    run->position += run->row_bytes;
    run->row_bytes = 0;
    if (!run_fill(source, run, HEAD_BYTES) || run->position == run->length)
        return false;
    uint64_t head[HEAD_NUMBERS];
    const uint8_t *at = run->bytes + run->position;
    for (int i = 0; i < HEAD_NUMBERS; i++)
        at = get_number(at, &head[i]);
    run->position = (size_t)(at - run->bytes);
    if (!run_fill(source, run, (size_t)head[2]))
        return false;
    run->owner = (int64_t)head[0];
    run->id = (int64_t)head[1];
    run->row_bytes = (size_t)head[2];
    run->row = run->bytes + run->position;
    return true;
}

static bool memory_advance(struct row_source *source, struct run *run) {
    const struct row_buffer *buffer = source->buffer;
    if (source->next == buffer->count)
        return false;
    const struct entry *entry = &buffer->entries[source->next++];
    run->owner = entry->owner;
    run->id = buffer->first_id + entry->sequence;
    run->row = buffer->bytes + entry->offset;
    return true;
}

static bool advance(struct row_source *source, struct run *run) {
    return run->bytes ? run_advance(source, run) : memory_advance(source, run);
}

static bool comes_before(const struct run *a, const struct run *b) {
    return a->owner < b->owner || (a->owner == b->owner && a->id < b->id);
}

/* The run at the place goes down until those below come after it. */
static void heap_sink(struct row_source *source, int place) {
    struct run *run = source->heap[place];
    for (int child; (child = 2 * place + 1) < source->heap_count; place = child) {
        child += child + 1 < source->heap_count && comes_before(source->heap[child + 1], source->heap[child]);
        if (!comes_before(source->heap[child], run))
            break;
        source->heap[place] = source->heap[child];
    }
    source->heap[place] = run;
}

struct row_source *row_source_open(struct row_buffer *buffer, FILE *file, const int64_t *run_lengths, int run_count) {
    struct row_source *source = calloc(1, sizeof *source);
    assert(source);
    source->buffer = buffer;
    source->descriptor = file ? fileno(file) : -1;
    source->run_count = run_count + 1;
    source->runs = calloc((size_t)source->run_count, sizeof *source->runs);
    source->heap = calloc((size_t)source->run_count, sizeof *source->heap);
    assert(source->runs && source->heap);
    int share = run_count ? RUN_BUFFERS_BYTES / run_count : 0;
    share = share < RUN_BUFFER_LEAST ? RUN_BUFFER_LEAST : share > RUN_BUFFER_MOST ? RUN_BUFFER_MOST : share;
    int64_t at = 0;
    for (int i = 0; i < source->run_count; i++) {
        struct run *run = &source->runs[i];
        if (i < run_count) {
            run->at = at;
            run->end = at += run_lengths[i];
            run->capacity = (size_t)share;
            run->bytes = grown(NULL, run->capacity);
        }
        if (advance(source, run))
            source->heap[source->heap_count++] = run;
    }
    for (int i = source->heap_count / 2 - 1; i >= 0; i--)
        heap_sink(source, i);
    return source;
}

bool row_source_next(struct row_source *source, int64_t *owner, int64_t *id, struct value *values) {
    if (source->was_given) {
        if (!advance(source, source->heap[0]))
            source->heap[0] = source->heap[--source->heap_count];
        heap_sink(source, 0);
    }
    source->was_given = !source->failed && source->heap_count > 0;
    if (!source->was_given)
        return false;
    const struct run *first = source->heap[0];
    *owner = first->owner;
    *id = first->id;
    const uint8_t *at = first->row;
    for (int i = 0; i < source->buffer->value_count; i++)
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
    free(source->heap);
    free(source);
}
