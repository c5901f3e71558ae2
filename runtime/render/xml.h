/* Text as XML holds it.
 * Knows: escapes. Does not know: elements. */
#ifndef REMIT_RUNTIME_RENDER_XML_H
#define REMIT_RUNTIME_RENDER_XML_H

struct buffer;

/* Characters that XML cannot hold become dots. */
void xml_write(struct buffer *out, const char *text);
/* ` name="text"`; "-" for an empty text. */
void xml_write_attribute(struct buffer *out, const char *name, const char *text);

#endif
