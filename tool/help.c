#include "tool/help.h"

#include "com/version.h"
#include "tool/line.h"

static const WCHAR *const texts[COMMAND_COUNT] = {
    [COMMAND_NONE] =
        L"pipe: named pipes at the command line\n"
        L"\n"
        L"  pipe list [PATTERN]         the pipes of this computer\n"
        L"  pipe call NAME TEXT         sends a message and prints the answer\n"
        L"  pipe listen NAME            prints who connects and what they say, and may answer\n"
        L"  pipe talk NAME              sends lines from the keyboard, prints what comes\n"
        L"  pipe proxy NAME OTHER       listens on NAME, goes on to OTHER, and shows both directions\n"
        L"  pipe load NAME              measures how many messages a server answers, and how fast\n"
        L"\n"
        L"  pipe COMMAND --help         the options of a command\n"
        L"  pipe --version\n"
        L"\n"
        L"NAME is the name of a pipe, alone or in full, as \\\\.\\pipe\\NAME or \\\\COMPUTER\\pipe\\NAME.\n"
        L"It ends with 0 when all was done, with 1 when something failed, with 2 for a wrong command line.\n",
    [COMMAND_LIST] =
        L"pipe list [PATTERN] [--json]\n"
        L"\n"
        L"Prints the pipes of this computer: their names, how many instances there are of each, and how many\n"
        L"there may be. In PATTERN * is any number of characters and ? is one.\n"
        L"\n"
        L"  --json              an array of objects with name, instances and limit (null: none)\n",
    [COMMAND_CALL] =
        L"pipe call NAME TEXT [options]\n"
        L"pipe call NAME --file FILE [options]\n"
        L"\n"
        L"Sends one message, in UTF-8, and prints the answer.\n"
        L"\n"
        L"  --file FILE         sends what is in the file; - is the standard input\n"
        L"  --hex               TEXT is hexadecimal digits, and the answer is shown in such\n"
        L"  --dump              the answer alone is shown in hexadecimal digits\n"
        L"  --raw               the answer's bytes as they are; else control characters are escaped\n"
        L"  --out FILE          the answer's bytes go to the file\n"
        L"  --json              the answer as an object with bytes, and text or base64 (with --hex: hex);\n"
        L"                      with --one-way an object with sent, the bytes\n"
        L"  --one-way           no answer is waited for\n"
        L"  --timeout MS        for all of it, 30000 unless given; -1: for ever\n"
        L"  --framing F         how messages are told apart: pipe (unless given), lines, length, header, chunks,\n"
        L"                      until-closed\n"
        L"  --max-size BYTES    of the longest answer\n",
    [COMMAND_LISTEN] =
        L"pipe listen NAME [options]\n"
        L"\n"
        L"Makes the pipe and prints who connects, what they say (->) and what they are answered (<-).\n"
        L"\n"
        L"  --echo              each message is sent back\n"
        L"  --reply TEXT        each message is answered by TEXT\n"
        L"  --exec COMMAND      each message is answered by what the command writes; the message is its input\n"
        L"  --timeout MS        for the command of --exec alone, 30000 unless given; -1: for ever\n"
        L"  --hex               messages are shown, and --reply is given, in hexadecimal digits\n"
        L"  --dump              messages are shown so, and --reply is text\n"
        L"  --json              an object a line\n"
        L"  --limit BYTES       how much of a message is shown, 4096 unless given; 0: all\n"
        L"  --framing F         how messages are told apart: pipe (unless given), lines, length, header, chunks,\n"
        L"                      until-closed\n"
        L"  --max-size BYTES    of the longest message\n"
        L"  --allow WHO         me (unless given), users or everyone: who may connect\n"
        L"  --remote            clients of other computers, too\n"
        L"  --once              ends when the first client has left, with 1 where something failed\n",
    [COMMAND_TALK] =
        L"pipe talk NAME [options]\n"
        L"\n"
        L"Sends each line of the keyboard, or of the standard input, as a message, and prints what comes.\n"
        L"Ctrl+Z and Enter end it, or Ctrl+C.\n"
        L"\n"
        L"  --wait MS           after the last line: until nothing came for so long, 1000 unless given\n"
        L"  --hex               lines are hexadecimal digits, and messages are shown in such\n"
        L"  --dump              messages alone are shown so\n"
        L"  --json              an object a line\n"
        L"  --limit BYTES       how much of a message is shown\n"
        L"  --timeout MS        for a pipe that is busy, 5000 unless given; -1: for ever\n"
        L"  --framing F         how messages are told apart: pipe (unless given), lines, length, header, chunks,\n"
        L"                      until-closed\n"
        L"  --max-size BYTES    of the longest message\n",
    [COMMAND_PROXY] =
        L"pipe proxy NAME OTHER [options]\n"
        L"\n"
        L"Listens on NAME. For each client it connects to OTHER, hands on what either says, and shows it:\n"
        L"-> from the client, <- from the server.\n"
        L"\n"
        L"  --hex, --dump       messages are shown in hexadecimal digits\n"
        L"  --json              an object a line\n"
        L"  --limit BYTES       how much of a message is shown, 4096 unless given; 0: all\n"
        L"  --timeout MS        for OTHER where it is busy, 5000 unless given; -1: for ever\n"
        L"  --framing F         how messages are told apart: pipe (unless given), lines, length, header, chunks,\n"
        L"                      until-closed\n"
        L"  --max-size BYTES    of the longest message, 67108864 unless given; a longer one ends its client\n"
        L"  --allow WHO         me (unless given), users or everyone: who may connect\n"
        L"  --remote            clients of other computers, too\n"
        L"  --once              ends when the first client and its server have left, with 1 where something\n"
        L"                      failed\n",
    [COMMAND_LOAD] =
        L"pipe load NAME [options]\n"
        L"\n"
        L"Many clients at once, each of which sends a message, waits for the answer and sends the next one.\n"
        L"Prints messages a second, how long answers took, and errors.\n"
        L"\n"
        L"  --clients N         10 unless given\n"
        L"  --messages N        of each client, 1000 unless given\n"
        L"  --size BYTES        of a message, 64 unless given\n"
        L"  --one-way           the server does not answer; measured is when the pipe has taken a message\n"
        L"  --timeout MS        ends it when no answer came for so long, 30000 unless given; -1: never\n"
        L"  --framing F         how messages are told apart: pipe (unless given), lines, length, header\n"
        L"  --max-size BYTES    of the longest answer\n"
        L"  --json              one object\n",
};

void help_show(command_id command, output_stream stream)
{
    text_builder b = {0};

    for (const WCHAR *c = texts[command]; *c; c++)
    {
        if (*c == L'\n')
            text_builder_add(&b, L'\r');
        text_builder_add(&b, *c);
    }
    output_write(stream, &b);
}

#define WIDE_OF(text) L##text
#define WIDE(text) WIDE_OF(text)

void help_show_version(void)
{
    text_builder b = {0};

    line_text(&b, L"pipe " WIDE(VERSION));
    line_text(&b, sizeof(void *) == 8 ? L" x64" : L" x86");
    output_line(OUTPUT_RESULTS, &b);
}
