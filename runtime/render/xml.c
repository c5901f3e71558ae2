/* Text as XML holds it. See xml.h. */
#include "runtime/render/xml.h"

#include "lang/base/text.h"

void xml_write(struct buffer *out, const char *text) {
    for (; *text; text++)
        switch (*text) {
        case '&': buffer_add_string(out, "&amp;"); break;
        case '<': buffer_add_string(out, "&lt;"); break;
        case '>': buffer_add_string(out, "&gt;"); break;
        case '"': buffer_add_string(out, "&quot;"); break;
        case '\n': case '\t': buffer_add_char(out, *text); break;
        default: buffer_add_char(out, (unsigned char)*text < ' ' || *text == 0x7f ? '.' : *text); break;
        }
}

void xml_write_attribute(struct buffer *out, const char *name, const char *text) {
    buffer_add_format(out, " %s=\"", name);
    xml_write(out, *text ? text : "-");
    buffer_add_char(out, '"');
}
