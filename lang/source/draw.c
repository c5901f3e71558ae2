/* Drawing diagnostics with the source line and carets. See diagnostics.h.
 * Knows: terminals' columns and ANSI colours as text. Does not know: where the drawing goes. */
#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "lang/source/diagnostics.h"

#include <string.h>

enum { TAB_COLUMNS = 4, LINE_COLUMNS_MAX = 120, SHORT_HINT_MAX = 40 };

static const char *const words[] = {[SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};
static const char *const colors[] = {[SEVERITY_ERROR] = "\033[1;31m", [SEVERITY_WARNING] = "\033[1;33m", [SEVERITY_NOTE] = "\033[1;36m"};

/* One source line as it will be printed, with the columns of a span in it. */
struct drawn_line {
    struct buffer text;
    int from, until; /* columns of the marked part */
};

static size_t character_bytes(const char *at, const char *end) {
    const char *next = at + 1;
    while (next < end && ((unsigned char)*next & 0xC0) == 0x80)
        next++;
    return (size_t)(next - at);
}

/* Tabs become spaces and control characters a dot, so that columns are what they seem. A long line is shown round the marked part. */
static struct drawn_line draw_line(const struct source *source, uint32_t line, struct span span) {
    uint32_t start = source->line_starts[line];
    uint32_t end = line + 1 < source->line_count ? source->line_starts[line + 1] - 1 : source->length;
    if (end > start && source->text[end - 1] == '\r')
        end--;
    if (line == 0 && end - start >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0)
        start += 3;
    struct drawn_line drawn = {.from = -1, .until = -1};
    int column = 0;
    const char *at = source->text + start, *stop = source->text + end;
    uint32_t skip_until = start;
    if (span.start > start + LINE_COLUMNS_MAX / 2 && end - start > LINE_COLUMNS_MAX) {
        skip_until = span.start - LINE_COLUMNS_MAX / 2;
        buffer_add_string(&drawn.text, "…");
        column = 1;
    }
    while (at < stop) {
        uint32_t offset = (uint32_t)(at - source->text);
        size_t size = character_bytes(at, stop);
        if (offset >= skip_until) {
            if (drawn.from < 0 && offset >= span.start)
                drawn.from = column;
            if (drawn.until < 0 && offset >= span.end)
                drawn.until = column;
            if (column >= LINE_COLUMNS_MAX) {
                buffer_add_string(&drawn.text, "…");
                break;
            }
            if (*at == '\t') {
                int width = TAB_COLUMNS - column % TAB_COLUMNS;
                buffer_add_repeated(&drawn.text, ' ', width);
                column += width;
            } else if ((unsigned char)*at < 0x20 || *at == 0x7F) {
                buffer_add_char(&drawn.text, '.');
                column++;
            } else if (text_find_bad_utf8(at, size) < size) {
                buffer_add_string(&drawn.text, "\xEF\xBF\xBD");
                column++;
            } else {
                buffer_add(&drawn.text, at, size);
                column += text_width(at, size);
            }
        }
        at += size;
    }
    if (drawn.from < 0)
        drawn.from = column;
    if (drawn.until <= drawn.from)
        drawn.until = drawn.until < 0 && column > drawn.from ? column : drawn.from + 1;
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

static void draw_mark(struct buffer *out, const struct source_set *sources, struct span span, int width, char mark, const char *label, const char *color) {
    struct place place = source_place(sources, span.file, span.start);
    struct drawn_line line = draw_line(source_get(sources, span.file), place.line - 1, span);
    bool use_color = *color != '\0';
    draw_gutter(out, width, (int)place.line, use_color);
    buffer_add_format(out, " %s\n", buffer_string(&line.text));
    draw_gutter(out, width, 0, use_color);
    buffer_add_char(out, ' ');
    buffer_add_repeated(out, ' ', line.from);
    buffer_add_string(out, color);
    buffer_add_repeated(out, mark, line.until - line.from);
    if (label)
        buffer_add_format(out, " %s", label);
    buffer_add_format(out, "%s\n", use_color ? "\033[0m" : "");
    buffer_free(&line.text);
}

static int count_digits(uint32_t number) {
    int digits = 1;
    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

void diagnostic_draw(struct buffer *out, const struct diagnostics *list, const struct diagnostic *diagnostic, bool use_color) {
    struct arena *scratch = arena_create();
    const char *color = use_color ? colors[diagnostic->severity] : "";
    buffer_add_format(out, "%s%s[%s]%s: %s%s%s\n", color, words[diagnostic->severity], diagnostic_code_text(scratch, diagnostic->code), use_color ? "\033[0m" : "",
                      use_color ? "\033[1m" : "", diagnostic->message, use_color ? "\033[0m" : "");
    arena_destroy(scratch);
    const struct source *source = source_get(list->sources, diagnostic->span.file);
    struct place place = source_place(list->sources, diagnostic->span.file, diagnostic->span.start);
    bool has_second = diagnostic->second_label != NULL;
    struct place second = has_second ? source_place(list->sources, diagnostic->second.file, diagnostic->second.start) : place;
    int width = count_digits(place.line > second.line ? place.line : second.line);
    buffer_add_format(out, "%*s--> %s:%u:%u\n", width, "", source->path, place.line, place.column);
    draw_gutter(out, width, 0, use_color);
    buffer_add_char(out, '\n');
    bool is_short = diagnostic->hint && text_length(diagnostic->hint, strlen(diagnostic->hint)) <= SHORT_HINT_MAX;
    bool same_file = has_second && diagnostic->second.file == diagnostic->span.file;
    bool second_first = same_file && second.line < place.line;
    if (second_first)
        draw_mark(out, list->sources, diagnostic->second, width, '~', diagnostic->second_label, use_color ? "\033[1;34m" : "");
    draw_mark(out, list->sources, diagnostic->span, width, '^', is_short ? diagnostic->hint : NULL, color);
    if (has_second && !second_first) {
        if (!same_file)
            buffer_add_format(out, "%*s::: %s:%u:%u\n", width, "", source_get(list->sources, diagnostic->second.file)->path, second.line, second.column);
        draw_mark(out, list->sources, diagnostic->second, width, '~', diagnostic->second_label, use_color ? "\033[1;34m" : "");
    }
    if (diagnostic->hint && !is_short)
        buffer_add_format(out, "%*s = %s\n", width, "", diagnostic->hint);
    draw_gutter(out, width, 0, use_color);
    buffer_add_char(out, '\n');
}

void diagnostics_draw(struct buffer *out, const struct diagnostics *list, bool use_color) {
    int shown = 0;
    for (int i = 0; i < list->list.count && shown < LIMIT_DIAGNOSTICS_SHOWN; i++, shown++)
        diagnostic_draw(out, list, list->list.items[i], use_color);
    int more = list->list.count - shown;
    if (more > 0)
        buffer_add_format(out, "… and %d more\n", more);
}
