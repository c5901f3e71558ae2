/* Drawing diagnostics with the source line and carets. See diagnostics.h.
 * Knows: terminals' columns and ANSI colours as text. Does not know: where the drawing goes. */
#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "lang/source/diagnostics.h"

#include <string.h>

/* A line of more than LINE_COLUMNS_MAX columns is cut; COLUMNS_BEFORE of it are kept before the marked part. */
enum { TAB_COLUMNS = 4, LINE_COLUMNS_MAX = 120, COLUMNS_BEFORE = 60, SHORT_HINT_MAX = 40 };

static const char *const words[] = {[SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};
static const char *const colors[] = {[SEVERITY_ERROR] = "\033[1;31m", [SEVERITY_WARNING] = "\033[1;33m", [SEVERITY_NOTE] = "\033[1;36m"};

/* ---- characters ---- */

static bool continues(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

static size_t character_bytes(const char *at, const char *end) {
    const char *next = at + 1;
    while (next < end && continues(*next))
        next++;
    return (size_t)(next - at);
}

/* Control characters, and those that turn the direction of what follows: a terminal would obey them, and the line would not be what it seems. */
static bool is_control(const char *at, size_t size) {
    const unsigned char *byte = (const unsigned char *)at;
    if (size == 1)
        return byte[0] < 0x20 || byte[0] == 0x7F;
    if (size == 2)
        return (byte[0] == 0xC2 && byte[1] < 0xA0) || (byte[0] == 0xD8 && byte[1] == 0x9C); /* U+0080 to U+009F, U+061C */
    if (size != 3 || byte[0] != 0xE2)
        return false;
    if (byte[1] == 0x80) /* U+200E, U+200F, U+2028 to U+202E */
        return byte[2] == 0x8E || byte[2] == 0x8F || (byte[2] >= 0xA8 && byte[2] <= 0xAE);
    return byte[1] == 0x81 && byte[2] >= 0xA6 && byte[2] <= 0xA9; /* U+2066 to U+2069 */
}

/* Draws one character that begins at a column; gives the columns it takes. */
static int draw_character(struct buffer *out, const char *at, size_t size, int column) {
    if (*at == '\t') {
        int columns = TAB_COLUMNS - column % TAB_COLUMNS;
        buffer_add_repeated(out, ' ', columns);
        return columns;
    }
    if (is_control(at, size)) {
        buffer_add_char(out, '.');
        return 1;
    }
    if (text_find_bad_utf8(at, size) < size) {
        buffer_add_string(out, "\xEF\xBF\xBD");
        return 1;
    }
    buffer_add(out, at, size);
    return text_width(at, size);
}

/* Columns of one character at most, wherever it begins. */
static int columns_most(const char *at, size_t size) {
    return *at == '\t' ? TAB_COLUMNS : text_find_bad_utf8(at, size) < size ? 1 : text_width(at, size);
}

void diagnostic_draw_text(struct buffer *out, const char *text) {
    const char *end = text + strlen(text);
    while (text < end) {
        size_t size = character_bytes(text, end);
        if (*text == '\t')
            buffer_add_char(out, '.');
        else
            draw_character(out, text, size, 0);
        text += size;
    }
}

/* ---- lines ---- */

/* One source line as it will be printed, with the columns of a span in it. */
struct drawn_line {
    struct buffer text;
    int from, until; /* columns of the marked part */
};

/* Where drawing begins so that the marked part is to be seen: the line's start unless the line is too long. Looks no further than a drawn line
 * reaches, for a line may have megabytes. */
static const char *find_first_drawn(const char *start, const char *mark, const char *end) {
    int columns = 0;
    const char *at = mark, *cut = start;
    while (at > start && columns <= LINE_COLUMNS_MAX) {
        const char *next = at--;
        while (at > start && continues(*at))
            at--;
        columns += columns_most(at, (size_t)(next - at));
        if (columns <= COLUMNS_BEFORE)
            cut = at;
    }
    if (columns <= COLUMNS_BEFORE)
        return start;
    for (at = mark; at < end && columns <= LINE_COLUMNS_MAX;) {
        size_t size = character_bytes(at, end);
        columns += columns_most(at, size);
        at += size;
    }
    return columns <= LINE_COLUMNS_MAX ? start : cut;
}

/* Tabs become spaces and control characters a dot, so that columns are what they seem. A long line is shown round the marked part. */
static struct drawn_line draw_line(const struct source *source, uint32_t line, struct span span) {
    const char *start = source->text + (line ? source->line_starts[line] : source_mark_bytes(source));
    const char *end = source->text + (line + 1 < source->line_count ? source->line_starts[line + 1] - 1 : source->length);
    if (end > start && end[-1] == '\r')
        end--;
    size_t span_start = span.start < source->length ? span.start : source->length;
    const char *mark = source->text + span_start, *mark_end = source->text + (span.end < source->length ? span.end : source->length);
    if (mark > end)
        mark = end;
    while (mark > start && mark < end && continues(*mark))
        mark--;
    struct drawn_line drawn = {.from = -1, .until = -1};
    const char *at = mark > start ? find_first_drawn(start, mark, end) : start;
    int column = 0;
    if (at > start) {
        buffer_add_string(&drawn.text, "…");
        column = 1;
    }
    while (at < end) {
        if (drawn.from < 0 && at >= mark)
            drawn.from = column;
        if (drawn.from >= 0 && drawn.until < 0 && at >= mark_end)
            drawn.until = column;
        if (column >= LINE_COLUMNS_MAX) {
            buffer_add_string(&drawn.text, "…");
            break;
        }
        size_t size = character_bytes(at, end);
        column += draw_character(&drawn.text, at, size, column);
        at += size;
    }
    if (drawn.from < 0)
        drawn.from = column;
    if (drawn.until < 0)
        drawn.until = column;
    if (drawn.until <= drawn.from) /* a point, or the end of the line */
        drawn.until = drawn.from + 1;
    return drawn;
}

static void draw_gutter(struct buffer *out, int width, int line, bool use_color) {
    buffer_add_string(out, use_color ? "\033[1;34m" : "");
    if (line)
        buffer_add_format(out, "%*d |", width, line);
    else
        buffer_add_format(out, "%*s |", width, "");
    buffer_add_string(out, use_color ? "\033[0m" : "");
}

/* How the marked parts of one diagnostic are drawn. */
struct pen {
    struct buffer *out;
    const struct source_set *sources;
    int width; /* of line numbers */
    bool use_color;
};

static void draw_mark(const struct pen *pen, struct span span, char mark, const char *label, const char *color) {
    struct buffer *out = pen->out;
    struct place place = source_place(pen->sources, span.file, span.start);
    struct drawn_line line = draw_line(source_get(pen->sources, span.file), place.line - 1, span);
    draw_gutter(out, pen->width, (int)place.line, pen->use_color);
    buffer_add_format(out, " %s\n", buffer_string(&line.text));
    draw_gutter(out, pen->width, 0, pen->use_color);
    buffer_add_char(out, ' ');
    buffer_add_repeated(out, ' ', line.from);
    buffer_add_string(out, pen->use_color ? color : "");
    buffer_add_repeated(out, mark, line.until - line.from);
    if (label) {
        buffer_add_char(out, ' ');
        diagnostic_draw_text(out, label);
    }
    buffer_add_string(out, pen->use_color ? "\033[0m\n" : "\n");
    buffer_free(&line.text);
}

static int count_digits(uint32_t number) {
    int digits = 1;
    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

static void draw_place(struct buffer *out, int width, const char *arrow, const char *path, struct place place) {
    buffer_add_format(out, "%*s%s ", width, "", arrow);
    diagnostic_draw_text(out, path);
    buffer_add_format(out, ":%u:%u\n", place.line, place.column);
}

static void draw_headline(struct buffer *out, const struct diagnostic *diagnostic, bool use_color) {
    struct arena *scratch = arena_create();
    const char *code = diagnostic->label ? diagnostic->label : diagnostic_code_text(scratch, diagnostic->code), *plain = use_color ? "\033[0m" : "";
    buffer_add_format(out, "%s%s[%s]%s: %s", use_color ? colors[diagnostic->severity] : "", words[diagnostic->severity], code, plain, use_color ? "\033[1m" : "");
    diagnostic_draw_text(out, diagnostic->message);
    buffer_add_format(out, "%s\n", plain);
    arena_destroy(scratch);
}

/* One without a place: its hint alone follows. */
static void draw_advice(struct buffer *out, const struct diagnostic *diagnostic) {
    struct arena *scratch = arena_create();
    const char *hint = diagnostic->hint ? diagnostic->hint : diagnostic_advice(scratch, diagnostic->code);
    if (hint) {
        buffer_add_string(out, "  = ");
        diagnostic_draw_text(out, hint);
        buffer_add_char(out, '\n');
    }
    arena_destroy(scratch);
}

void diagnostic_draw(struct buffer *out, const struct diagnostics *list, const struct diagnostic *diagnostic, bool use_color) {
    static const char *const second_color = "\033[1;34m";
    draw_headline(out, diagnostic, use_color);
    if (source_get(list->sources, diagnostic->span.file)->is_made) {
        draw_advice(out, diagnostic);
        return;
    }
    struct span span = diagnostic->span, other = diagnostic->second;
    struct place place = source_place(list->sources, span.file, span.start);
    bool has_second = diagnostic->second_label != NULL;
    struct place second = has_second ? source_place(list->sources, other.file, other.start) : place;
    struct pen pen = {out, list->sources, count_digits(place.line > second.line ? place.line : second.line), use_color};
    draw_place(out, pen.width, "-->", source_get(list->sources, span.file)->path, place);
    draw_gutter(out, pen.width, 0, use_color);
    buffer_add_char(out, '\n');
    struct arena *scratch = arena_create();
    const char *hint = diagnostic->hint ? diagnostic->hint : diagnostic_advice(scratch, diagnostic->code);
    bool is_short = diagnostic->hint && text_length(hint, strlen(hint)) <= SHORT_HINT_MAX;
    bool second_first = has_second && other.file == span.file && second.line < place.line;
    if (second_first)
        draw_mark(&pen, other, '~', diagnostic->second_label, second_color);
    draw_mark(&pen, span, '^', is_short ? hint : NULL, colors[diagnostic->severity]);
    if (has_second && !second_first) {
        if (other.file != span.file)
            draw_place(out, pen.width, ":::", source_get(list->sources, other.file)->path, second);
        draw_mark(&pen, other, '~', diagnostic->second_label, second_color);
    }
    if (hint && !is_short) {
        buffer_add_format(out, "%*s = ", pen.width, "");
        diagnostic_draw_text(out, hint);
        buffer_add_char(out, '\n');
    }
    draw_gutter(out, pen.width, 0, use_color);
    buffer_add_char(out, '\n');
    arena_destroy(scratch);
}

void diagnostics_draw(struct buffer *out, const struct diagnostics *list, bool use_color) {
    int shown = 0;
    for (int i = 0; i < list->list.count && shown < LIMIT_DIAGNOSTICS_SHOWN; i++, shown++)
        diagnostic_draw(out, list, list->list.items[i], use_color);
    int more = list->list.count - shown;
    if (more > 0)
        buffer_add_format(out, "… and %d more\n", more);
}
