/* Frames, by the splitter alone: streams of bytes that come in any pieces, and the messages in them. */

#include <gtest/gtest.h>

#include <windows.h>

#include <chrono>
#include <string>
#include <vector>

extern "C" {
#include "pipe/framing.h"
#include "pipe/payload.h"
}

namespace
{
using texts = std::vector<std::string>;

/* A stream as its reader sees it: what has come, and what was split of it. */
class reader
{
  public:
    explicit reader(framing of, DWORD limit = 0)
    {
        splitter_init(&s, of, limit);
    }

    /* More has come. Splits what can be split. */
    split_result take(const std::string &more)
    {
        come += more;
        while ((last = splitter_next(&s, data(), size(), &f)) == SPLIT_FRAME)
            give();
        return last;
    }

    split_result end()
    {
        last = splitter_end(&s, data(), size(), &f);
        if (last == SPLIT_FRAME)
            give();
        return last;
    }

    texts messages;

  private:
    const BYTE *data() const
    {
        return reinterpret_cast<const BYTE *>(come.data()) + begin;
    }

    DWORD size() const
    {
        return static_cast<DWORD>(come.size() - begin);
    }

    void give()
    {
        ASSERT_LE(f.whole, size());
        ASSERT_LE(f.begin + f.size, f.whole);
        messages.emplace_back(reinterpret_cast<const char *>(data()) + f.begin, f.size);
        begin += f.whole;
    }

    splitter s = {};
    frame f = {};
    std::string come;
    size_t begin = 0;
    split_result last = SPLIT_MORE;
};

/* What stands for a NUL in the streams below. */
std::string bytes(std::string text)
{
    for (char &c : text)
        c = c == '~' ? '\0' : c;
    return text;
}

std::string header(ULONGLONG size)
{
    return "Content-Length: " + std::to_string(size) + "\r\n\r\n";
}

/* The stream in two pieces, cut at each place, and byte by byte: always the same messages. */
void expect_messages(framing of, const std::string &stream, const texts &expected)
{
    for (size_t cut = 0; cut <= stream.size(); cut++)
    {
        reader r(of);

        EXPECT_EQ(r.take(stream.substr(0, cut)), SPLIT_MORE) << "cut at " << cut;
        EXPECT_EQ(r.take(stream.substr(cut)), SPLIT_MORE) << "cut at " << cut;
        EXPECT_EQ(r.messages, expected) << "cut at " << cut;
        EXPECT_EQ(r.end(), SPLIT_MORE) << "nothing is left";
    }
    reader r(of);
    for (char c : stream)
        EXPECT_EQ(r.take(std::string(1, c)), SPLIT_MORE);
    EXPECT_EQ(r.messages, expected) << "byte by byte";
}

/* However the stream comes, it is told to be wrong, and not before the byte that makes it so. */
void expect_at(framing of, const std::string &stream, size_t place, split_result expected, DWORD limit = 0)
{
    for (size_t cut = 0; cut <= stream.size(); cut++)
    {
        reader r(of, limit);

        EXPECT_EQ(r.take(stream.substr(0, cut)), cut < place ? SPLIT_MORE : expected) << "cut at " << cut;
        if (cut < place)
        {
            EXPECT_EQ(r.take(stream.substr(cut)), expected) << "cut at " << cut;
        }
        EXPECT_EQ(r.messages, texts());
    }
}

void expect_wrong(const std::string &stream)
{
    expect_at(FRAMING_HEADER, stream, stream.size(), SPLIT_WRONG);
}

std::string marked(framing of, const std::string &text)
{
    payload *p = payload_create_frame(of, text.data(), static_cast<DWORD>(text.size()));
    std::string whole(static_cast<const char *>(payload_data(p)), payload_size(p));

    payload_release(p);
    return whole;
}
} // namespace

/* ---- lines ---- */

TEST(Framing, LinesEndWithLfAndACrBeforeItIsDropped)
{
    expect_messages(FRAMING_LINES, "one\ntwo\r\n\n\r\nfive\r\r\n", {"one", "two", "", "", "five\r"});
}

TEST(Framing, TheLastLineNeedsNoEnd)
{
    reader r(FRAMING_LINES);

    EXPECT_EQ(r.take("one\ntwo"), SPLIT_MORE);
    EXPECT_EQ(r.end(), SPLIT_FRAME);

    EXPECT_EQ(r.messages, (texts{"one", "two"}));
}

TEST(Framing, ALineMayBeAsLongAsTheLimit)
{
    for (const char *end : {"\n", "\r\n"})
    {
        reader r(FRAMING_LINES, 3);

        EXPECT_EQ(r.take(std::string("abc") + end), SPLIT_MORE);
        EXPECT_EQ(r.messages, texts{"abc"});
    }
    expect_at(FRAMING_LINES, "abcd\n", 4, SPLIT_TOO_LONG, 3);
    expect_at(FRAMING_LINES, "abc\rd\n", 5, SPLIT_TOO_LONG, 3);
}

TEST(Framing, TheLastLineMayBeAsLongAsTheLimit)
{
    reader fits(FRAMING_LINES, 3), too_long(FRAMING_LINES, 3);

    fits.take("abc");
    EXPECT_EQ(fits.end(), SPLIT_FRAME);
    EXPECT_EQ(too_long.take("abc\r"), SPLIT_MORE) << "an LF may follow";
    EXPECT_EQ(too_long.end(), SPLIT_TOO_LONG);
}

/* ---- lengths ---- */

TEST(Framing, ALengthIsFourBytesWithTheLowestFirst)
{
    std::string stream = bytes("\3~~~abc~~~~\1~~~x") + bytes("~\1~~") + std::string(256, 'y');

    expect_messages(FRAMING_LENGTH, stream, {"abc", "", "x", std::string(256, 'y')});
}

TEST(Framing, ALengthBeyondTheLimitIsTooLongAtOnce)
{
    expect_at(FRAMING_LENGTH, bytes("\4~~~"), 4, SPLIT_TOO_LONG, 3);
    expect_at(FRAMING_LENGTH, "\xff\xff\xff\xff", 4, SPLIT_TOO_LONG);
    expect_at(FRAMING_LENGTH, bytes("\1~~\x10"), 4, SPLIT_TOO_LONG); /* one more than FRAME_LIMIT */

    reader fits(FRAMING_LENGTH);
    EXPECT_EQ(fits.take(bytes("~~~\x10")), SPLIT_MORE);
}

TEST(Framing, ALengthWhoseMessageNeverComesIsWrong)
{
    for (const std::string &part : {bytes("\3"), bytes("\3~~~"), bytes("\3~~~ab")})
    {
        reader r(FRAMING_LENGTH);

        EXPECT_EQ(r.take(part), SPLIT_MORE);
        EXPECT_EQ(r.end(), SPLIT_WRONG);
        EXPECT_EQ(r.messages, texts());
    }
}

/* ---- headers ---- */

TEST(Framing, AHeaderPartAnnouncesTheLength)
{
    expect_messages(FRAMING_HEADER,
                    "Content-Length: 5\r\n\r\nhello"
                    "content-length:0\n\n"
                    "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH: \t 2\t \r\n\r\nok"
                    "X: y\n z\nContent-Length: 0000000001\n\n!",
                    {"hello", "", "ok", "!"});
}

TEST(Framing, ALengthGivenTwiceMustBeTheSame)
{
    expect_messages(FRAMING_HEADER, "Content-Length: 2\r\nContent-Length: 02\r\n\r\nok", {"ok"});
    expect_wrong("Content-Length: 2\r\nContent-Length: 3\r\n");
}

TEST(Framing, AHeaderPartWithoutALengthIsWrong)
{
    expect_wrong("\r\n");
    expect_wrong("\n");
    expect_wrong("X: 1\r\n\r\n");
    expect_wrong("Content-Length : 1\r\n\r\n");
    expect_wrong("Content-Lengths: 1\r\n\r\n");
    expect_wrong("\xef\xbb\xbf"
                 "Content-Length: 1\r\n\r\n");
}

TEST(Framing, ALengthThatIsNoNumberIsWrong)
{
    for (const char *value : {"", " ", "-1", "+1", "1.0", "0x1", "1 1", "1,2", "12345678901", "one", "1\r"})
        expect_wrong(std::string("Content-Length: ") + value + "\r\n");
    expect_wrong("Content-Length: 1\r\n 2\r\n");
    expect_wrong("Content-Length:\r\n");
}

TEST(Framing, ALengthOfTenDigitsIsRead)
{
    expect_at(FRAMING_HEADER, header(9999999999), header(9999999999).size(), SPLIT_TOO_LONG);
    expect_at(FRAMING_HEADER, header(4), header(4).size(), SPLIT_TOO_LONG, 3);
    expect_at(FRAMING_HEADER, header(4294967301), header(4294967301).size(), SPLIT_TOO_LONG);
}

TEST(Framing, AHeaderPartHas8192BytesAtMost)
{
    std::string length = "Content-Length: 1\r\n", end = "\r\n";
    std::string other = "X: " + std::string(8192 - length.size() - end.size() - 3 - 2, 'x') + "\r\n";
    reader fits(FRAMING_HEADER), too_long(FRAMING_HEADER), endless(FRAMING_HEADER);

    EXPECT_EQ(fits.take(length + other + end), SPLIT_MORE);
    EXPECT_EQ(fits.take("!"), SPLIT_MORE);
    EXPECT_EQ(fits.messages, texts{"!"});
    EXPECT_EQ(too_long.take(length + "x" + other + end), SPLIT_WRONG);
    EXPECT_EQ(endless.take(std::string(8191, 'x')), SPLIT_MORE);
    EXPECT_EQ(endless.take("x"), SPLIT_WRONG);
    EXPECT_EQ(reader(FRAMING_HEADER).take(std::string(1024 * 1024, 'x')), SPLIT_WRONG);
}

TEST(Framing, AHeaderWhoseMessageNeverComesIsWrong)
{
    for (const char *part : {"C", "Content-Length: 3\r\n\r\n", "Content-Length: 3\r\n\r\nab"})
    {
        reader r(FRAMING_HEADER);

        EXPECT_EQ(r.take(part), SPLIT_MORE);
        EXPECT_EQ(r.end(), SPLIT_WRONG);
    }
}

/* ---- until closed ---- */

TEST(Framing, UntilClosedAllIsOneMessage)
{
    reader r(FRAMING_UNTIL_CLOSED), nothing(FRAMING_UNTIL_CLOSED);

    EXPECT_EQ(r.take("one\n"), SPLIT_MORE);
    EXPECT_EQ(r.take("two"), SPLIT_MORE);
    EXPECT_EQ(r.end(), SPLIT_FRAME);
    EXPECT_EQ(r.messages, texts{"one\ntwo"});

    EXPECT_EQ(nothing.end(), SPLIT_MORE) << "no bytes are no message";
    expect_at(FRAMING_UNTIL_CLOSED, "abcd", 4, SPLIT_TOO_LONG, 3);
}

/* ---- all ---- */

TEST(Framing, HundredFramesInOnePieceAreHundredMessages)
{
    for (framing of : {FRAMING_LINES, FRAMING_LENGTH, FRAMING_HEADER})
    {
        std::string stream;
        texts expected;
        reader r(of);

        for (int i = 0; i < 100; i++)
        {
            expected.push_back(std::string(static_cast<size_t>(i * 37 % 300), static_cast<char>('a' + i % 26)));
            stream += marked(of, expected.back());
        }
        EXPECT_EQ(r.take(stream), SPLIT_MORE);

        EXPECT_EQ(r.messages, expected) << of;
    }
}

TEST(Framing, ABufferGrowsWithWhatHasComeAndNotWithWhatIsAnnounced)
{
    splitter s;
    frame f;
    std::string come = header(200000000) + std::string(100, 'x');

    splitter_init(&s, FRAMING_HEADER, 0);
    ASSERT_EQ(splitter_next(&s, reinterpret_cast<const BYTE *>(come.data()), static_cast<DWORD>(come.size()), &f),
              SPLIT_MORE);
    EXPECT_EQ(splitter_room(&s, static_cast<DWORD>(come.size())), 2 * come.size());

    come = header(110) + std::string(100, 'x');
    splitter_init(&s, FRAMING_HEADER, 0);
    ASSERT_EQ(splitter_next(&s, reinterpret_cast<const BYTE *>(come.data()), static_cast<DWORD>(come.size()), &f),
              SPLIT_MORE);
    EXPECT_EQ(splitter_room(&s, static_cast<DWORD>(come.size())), header(110).size() + 110) << "no more than needed";

    splitter_init(&s, FRAMING_LINES, 0x7fffffff);
    EXPECT_EQ(splitter_room(&s, 0x7fffffff), 0x7fffffffu + FRAME_HEADER_MOST);
}

/* A line that comes byte by byte is looked at once: 64 MiB in some seconds, instead of in years. */
TEST(Framing, ALongLineThatComesByteByByteIsNotLookedAtAgain)
{
    constexpr DWORD size = 64 * 1024 * 1024;
    std::vector<BYTE> line(size, 'x');
    auto begun = std::chrono::steady_clock::now();
    splitter s;
    frame f;

    line[size - 1] = '\n';
    splitter_init(&s, FRAMING_LINES, 0);
    for (DWORD come = 1; come < size; come++)
        ASSERT_EQ(splitter_next(&s, line.data(), come, &f), SPLIT_MORE);
    ASSERT_EQ(splitter_next(&s, line.data(), size, &f), SPLIT_FRAME);

    EXPECT_EQ(f.size, size - 1);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(60));
}

/* ---- marks ---- */

TEST(Framing, WhatIsSentGetsItsMark)
{
    EXPECT_EQ(marked(FRAMING_PIPE, "abc"), "abc");
    EXPECT_EQ(marked(FRAMING_CHUNKS, "abc"), "abc");
    EXPECT_EQ(marked(FRAMING_UNTIL_CLOSED, "abc\n"), "abc\n");
    EXPECT_EQ(marked(FRAMING_LINES, "abc"), "abc\n");
    EXPECT_EQ(marked(FRAMING_LINES, "abc\n"), "abc\n") << "it ends with one";
    EXPECT_EQ(marked(FRAMING_LINES, "a\nb"), "a\nb\n") << "two lines for who reads them";
    EXPECT_EQ(marked(FRAMING_LINES, ""), "\n");
    EXPECT_EQ(marked(FRAMING_LENGTH, "abc"), bytes("\3~~~abc"));
    EXPECT_EQ(marked(FRAMING_LENGTH, ""), bytes("~~~~"));
    EXPECT_EQ(marked(FRAMING_LENGTH, std::string(0x010203, 'x')).substr(0, 4), bytes("\3\2\1~"));
    EXPECT_EQ(marked(FRAMING_HEADER, "abc"), "Content-Length: 3\r\n\r\nabc");
    EXPECT_EQ(marked(FRAMING_HEADER, ""), "Content-Length: 0\r\n\r\n");
    EXPECT_EQ(marked(FRAMING_HEADER, std::string(1234567, 'x')).substr(0, 27), "Content-Length: 1234567\r\n\r\n");
}
