/* json_message.h: messages in JSON. Call it on the thread that may use the value, with no lock held: the consumer's
 * code runs. */

#ifndef COM_JSON_MESSAGE_H
#define COM_JSON_MESSAGE_H

#include "com/com.h"
#include "pipe/pipe.h"

/* Makes the message that holds a value, in UTF-8 and one line, framed as `of` says. `value` must stay as it is: see
 * held_value_take. *out is NULL unless S_OK. Failures set the error's sentence. */
HRESULT json_message_create(const VARIANT *value, framing of, payload **out);

#endif
