/* diagnosis.h: the method Diagnose: a page that a person reads and sends. Any thread, in every state of the object; it
 * waits for nothing but short locks, the registry and files of this computer. */

#ifndef COM_DIAGNOSIS_H
#define COM_DIAGNOSIS_H

#include "com/symptoms.h"

/* Gives the page; free it with SysFreeString. What cannot be found out is said in the page: fails only for a NULL
 * pointer and where memory is too short. */
HRESULT diagnosis_write(const diagnosis_subject *subject, BSTR *out);

#endif
