/* messages.h: messages whose contents tell who sent them and which one it is, so that a loss, a mix-up or a change is
 * seen. A message of less than 8 bytes has no number. */

#ifndef SIM_MESSAGES_H
#define SIM_MESSAGES_H

#include <windows.h>

#define MESSAGE_HEAD 8

void message_fill(BYTE *data, DWORD size, DWORD sender, DWORD number);
/* Reads who and which; false: it is too short. A content that message_fill does not make is a violation. */
int message_read(const BYTE *data, DWORD size, DWORD *sender, DWORD *number);

#endif
