#include "support/com/com_values.h"

extern "C" {
#include "com/error.h"
#include "pipe/pipe.h"
}

#include <gtest/gtest.h>

namespace
{

/* What a string says that was given to us; `none` for NULL. */
std::wstring taken(BSTR text, const wchar_t *none)
{
    std::wstring copy(text ? text : none);

    SysFreeString(text);
    return copy;
}

std::wstring description_of(DWORD code)
{
    return taken(error_describe(code), L"NULL");
}

TEST(Error, ComesWithItsSentence)
{
    HRESULT hr = error_raise(ERROR_ID_NO_PIPE_NAME);

    EXPECT_EQ(hr, static_cast<HRESULT>(0x800A0005));
    EXPECT_EQ(take_error_sentence(), L"The server cannot start without specifying a pipe name; set PipeName first.");
}

TEST(Error, NamesThePropertyItsValueAndWhatToGive)
{
    HRESULT hr = error_raise(ERROR_ID_OUT_OF_RANGE, L"SendQueueLimit", static_cast<LONG>(-1),
                             L"0 for no limit, or a number of bytes");

    EXPECT_EQ(hr, static_cast<HRESULT>(0x800A0005));
    EXPECT_EQ(take_error_sentence(), L"SendQueueLimit is -1; give 0 for no limit, or a number of bytes.");
}

TEST(Error, NamesItsSource)
{
    com_ptr<IErrorInfo> info;
    bstr source;

    error_raise(ERROR_ID_NOT_CONNECTED);

    ASSERT_EQ(GetErrorInfo(0, info.put()), S_OK);
    info->GetSource(source.put());
    EXPECT_EQ(source.str(), L"NamedPipeServerLib.NamedPipeServer");
}

TEST(Error, NamesTheInterfaceThatDefinesIt)
{
    com_ptr<IErrorInfo> info;
    GUID guid;

    error_raise(ERROR_ID_NOT_CONNECTED);

    ASSERT_EQ(GetErrorInfo(0, info.put()), S_OK);
    info->GetGUID(&guid);
    EXPECT_TRUE(IsEqualGUID(guid, IID_INamedPipeServer));
}

TEST(Error, ReplacesTheSentenceOfTheLastOne)
{
    error_raise(ERROR_ID_NOT_CONNECTED);

    error_raise(ERROR_ID_OUT_OF_MEMORY);

    EXPECT_EQ(take_error_sentence(), L"There is not enough memory for this.");
}

TEST(Error, IsForgottenWhenCleared)
{
    error_raise(ERROR_ID_NOT_CONNECTED);

    error_clear();

    EXPECT_EQ(take_error_sentence(), L"");
}

TEST(Error, HasVisualBasicsNumbers)
{
    EXPECT_EQ(error_raise(ERROR_ID_NO_ITEM, 3L, 2L), static_cast<HRESULT>(0x800A0009));
    EXPECT_EQ(error_raise(ERROR_ID_NO_SUCH_PIPE), static_cast<HRESULT>(0x800A0035));
    EXPECT_EQ(error_raise(ERROR_ID_ACCESS_DENIED), static_cast<HRESULT>(0x800A0046));
    EXPECT_EQ(error_raise(ERROR_ID_OUT_OF_MEMORY), E_OUTOFMEMORY);
    EXPECT_EQ(error_raise(ERROR_ID_WRONG_DATA), DISP_E_TYPEMISMATCH);
}

TEST(Error, OfTheEngineHasTheNumbersOfTheEnum)
{
    EXPECT_EQ(error_raise_code(PIPE_ERROR_NOT_OPEN), static_cast<HRESULT>(NamedPipeErrorNotConnected));
    EXPECT_EQ(error_raise_code(PIPE_ERROR_SEND_QUEUE_FULL), static_cast<HRESULT>(NamedPipeErrorSendQueueFull));
    EXPECT_EQ(error_raise_code(PIPE_ERROR_NAME_IN_USE), static_cast<HRESULT>(NamedPipeErrorNameInUse));
    EXPECT_EQ(error_raise_code(PIPE_ERROR_NAME_HELD), static_cast<HRESULT>(NamedPipeErrorNameInUse));
    EXPECT_EQ(error_raise_code(PIPE_ERROR_MESSAGE_TOO_LONG), static_cast<HRESULT>(NamedPipeErrorMessageTooLong));
    EXPECT_EQ(error_raise_code(ERROR_NOT_ENOUGH_MEMORY), E_OUTOFMEMORY);
    EXPECT_EQ(error_raise_code(ERROR_ACCESS_DENIED), static_cast<HRESULT>(0x800A0046));
}

TEST(Error, OfWindowsHasItsHresultAndItsSentence)
{
    HRESULT hr = error_raise_code(ERROR_PIPE_BUSY);

    EXPECT_EQ(hr, HRESULT_FROM_WIN32(ERROR_PIPE_BUSY));
    EXPECT_NE(take_error_sentence(), L"");
}

/* Any call of Windows may ask for a privilege. */
TEST(Error, OfAPrivilegeSpeaksOfSecurityDescriptorWhereStartMeantItAlone)
{
    EXPECT_EQ(error_raise_code(PIPE_ERROR_NEEDS_PRIVILEGE), static_cast<HRESULT>(0x800A0005));
    EXPECT_NE(take_error_sentence().find(L"SecurityDescriptor"), std::wstring::npos);

    EXPECT_EQ(error_raise_code(ERROR_PRIVILEGE_NOT_HELD), HRESULT_FROM_WIN32(ERROR_PRIVILEGE_NOT_HELD));
    EXPECT_EQ(take_error_sentence().find(L"SecurityDescriptor"), std::wstring::npos);
}

TEST(Error, OfAnEventIsTheNumberOfWindows)
{
    EXPECT_EQ(error_number(ERROR_BROKEN_PIPE), ERROR_BROKEN_PIPE);
    EXPECT_EQ(error_number(ERROR_ACCESS_DENIED), ERROR_ACCESS_DENIED);
}

TEST(Error, OfAnEventIsOursForOurOwnConditions)
{
    EXPECT_EQ(error_number(PIPE_ERROR_SEND_QUEUE_FULL), static_cast<LONG>(NamedPipeErrorSendQueueFull));
    EXPECT_EQ(error_number(PIPE_ERROR_MESSAGE_TOO_LONG), static_cast<LONG>(NamedPipeErrorMessageTooLong));
}

TEST(Error, OfAnEventIsSevenWithoutMemory)
{
    EXPECT_EQ(error_number(ERROR_NOT_ENOUGH_MEMORY), 7);
    EXPECT_EQ(error_number(ERROR_OUTOFMEMORY), 7);
}

TEST(Error, IsDescribedByOurSentenceForOurOwnConditions)
{
    EXPECT_EQ(description_of(PIPE_ERROR_SEND_QUEUE_FULL),
              L"What waits to be sent has reached SendQueueLimit; wait for ClientMessageSent, or raise the limit.");
}

TEST(Error, IsDescribedByWindowsWithoutALineEnd)
{
    std::wstring description = description_of(ERROR_BROKEN_PIPE);

    EXPECT_GT(description.size(), 5u);
    EXPECT_GT(description.back(), L' ');
}

TEST(Error, IsDescribedByItsNumberWhereWindowsHasNoSentence)
{
    EXPECT_EQ(description_of(0xDEAD), L"Windows reports error 57005.");
    EXPECT_EQ(description_of(0x8765CAFE), L"Windows reports error 0x8765CAFE.");
}

TEST(Error, OfElsewhereKeepsItsHresult)
{
    EXPECT_EQ(error_raise_hresult(RPC_E_CHANGED_MODE), RPC_E_CHANGED_MODE);
    EXPECT_EQ(error_raise_hresult(S_FALSE), S_FALSE);
    EXPECT_EQ(error_raise_hresult(E_OUTOFMEMORY), E_OUTOFMEMORY);
    EXPECT_EQ(take_error_sentence(), L"There is not enough memory for this.");
}

/* ---- whose it is ---- */

std::wstring source_of(REFIID dual)
{
    com_ptr<IErrorInfo> info;
    bstr source, sentence;
    GUID guid = GUID_NULL;
    const HRESULT raised = error_raise(ERROR_ID_NOT_CONNECTED);

    EXPECT_EQ(error_of(dual, raised), raised);
    EXPECT_EQ(GetErrorInfo(0, info.put()), S_OK);
    info->GetSource(source.put());
    info->GetGUID(&guid);
    info->GetDescription(sentence.put());
    EXPECT_TRUE(IsEqualGUID(guid, dual));
    EXPECT_EQ(sentence.str().substr(0, 24), L"The connection has ended");
    return source.str();
}

TEST(Error, OfAMethodNamesTheClassOfItsInterface)
{
    EXPECT_EQ(source_of(IID_INamedPipeServer), L"NamedPipeServerLib.NamedPipeServer");
    EXPECT_EQ(source_of(IID_INamedPipeServerConnection), L"NamedPipeServerLib.NamedPipeServerConnection");
    EXPECT_EQ(source_of(IID_INamedPipeConnections), L"NamedPipeServerLib.NamedPipeConnections");
    EXPECT_EQ(source_of(IID_INamedPipeClientManager), L"NamedPipeServerLib.NamedPipeClientManager");
    EXPECT_EQ(source_of(IID_INamedPipeClientConnection), L"NamedPipeServerLib.NamedPipeClientConnection");
    EXPECT_EQ(source_of(IID_INamedPipeNames), L"NamedPipeServerLib.NamedPipeNames");
    EXPECT_EQ(source_of(IID_INamedPipeEvent), L"NamedPipeServerLib.NamedPipeEvent");
}

TEST(Error, OfAMethodIsNoneWhereItSucceeds)
{
    error_clear();

    EXPECT_EQ(error_of(IID_INamedPipeClientManager, S_OK), S_OK);
    EXPECT_EQ(error_of(IID_INamedPipeClientManager, E_FAIL), E_FAIL) << "nor where it has no sentence";

    EXPECT_EQ(take_error_sentence(), L"");
}

TEST(Error, NamesTheComputerThatWasNotFound)
{
    EXPECT_EQ(error_raise_remote(ERROR_BAD_NETPATH, L"1252"), HRESULT_FROM_WIN32(ERROR_BAD_NETPATH));
    EXPECT_EQ(take_error_sentence(), L"The computer \"1252\" was not found or does not answer; give another "
                                     L"ServerName, or . for this computer.");
    EXPECT_EQ(error_raise_remote(ERROR_FILE_NOT_FOUND, L"PC7"), VB_ERROR(53)) << "it is there, and the pipe is not";
    EXPECT_EQ(take_error_sentence(), L"There is no such pipe; start its server first, or check the name.");
}

/* ---- handed on ---- */

std::wstring sentence_of(HRESULT hr)
{
    return taken(error_sentence(hr), L"none");
}

TEST(Error, ThatIsHandedOnHasTheThreadsSentence)
{
    const HRESULT hr = error_raise(ERROR_ID_NO_ITEM, 3L, 2L);

    EXPECT_EQ(sentence_of(hr), L"There is no item 3; the items are numbered from 1 to Count, which is 2.");
    EXPECT_EQ(sentence_of(hr), L"none") << "it was taken";
}

TEST(Error, ThatIsHandedOnWithoutASentenceHasThatOfItsNumberWhereItIsOurs)
{
    error_clear();

    EXPECT_EQ(sentence_of(static_cast<HRESULT>(NamedPipeErrorNotConnected)).substr(0, 24), L"The connection has ended");
    EXPECT_EQ(sentence_of(static_cast<HRESULT>(NamedPipeErrorTimedOut)).substr(0, 14), L"The time is up");
    EXPECT_EQ(sentence_of(E_FAIL), L"none");
    EXPECT_EQ(sentence_of(static_cast<HRESULT>(0x800A0005)), L"none") << "many errors are 5";
}

TEST(Error, OfATooLongMessageNamesThePropertyThatHelps)
{
    error_raise(ERROR_ID_MESSAGE_TOO_LONG);

    EXPECT_EQ(take_error_sentence(),
              L"The message is longer than MaxMessageSize allows, or than an array can be (2 GiB); raise "
              L"MaxMessageSize, or let the other end send it in parts, or see whether it has this Framing.");
}

} // namespace
