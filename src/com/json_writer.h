/* json_writer.h: values of the consumer as JSON text. Call it on the thread that may use the value, with no lock held:
 * the consumer's code runs. It may do anything: release what is being written, change it, wait, and never come to an
 * end; but the value itself must stay (see held_value_take). */

#ifndef COM_JSON_WRITER_H
#define COM_JSON_WRITER_H

#include "com/com.h"

/* Writes the value with `indent` blanks more on each level, or, if that is 0, in one line without blanks. The text is
 * well-formed UTF-16; free it with SysFreeString. *text is NULL unless S_OK. Failures set the error's sentence. */
HRESULT json_write_text(const VARIANT *value, LONG indent, BSTR *text);

#endif
