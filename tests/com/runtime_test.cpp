/* Free-threaded events and runtimes that die of a call on a foreign thread: what tells one. A sink of an STA is
 * called on its own thread there, and on a worker elsewhere. */

#include "support/com/server_in_mode.h"
#include "support/com/stand_in.h"
#include "support/debugger_lines.h"

extern "C" {
#include "com/runtime.h"
}

#include <gmock/gmock.h>

#include <memory>

using testing::Each;
using testing::Ne;

namespace
{

class Runtime : public testing::Test, public test_in_mta
{
  protected:
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
    sta_thread &home = lasting_sta();
    std::unique_ptr<stand_in> module; /* goes after the server */
    server_in_mode server{event_mode::free_threaded, 2};

    ~Runtime() override
    {
        server.object.reset();
        home.run([] { EXPECT_TRUE(pump_until_windows_are_gone()); });
        EXPECT_TRUE(dispatch_until([&] { return log->sinks == 0; }));
    }

    void load(const wchar_t *name)
    {
        module = std::make_unique<stand_in>(name);
    }

    /* A sink whose code lies in the module that was loaded. */
    void advise_foreign_code()
    {
        home.run([&] { server.advise(module->code_for(make_recording_sink(log).get()).get()); });
    }

    void advise_own_code()
    {
        home.run([&] { server.advise(log); });
    }

    void expect_calls_at_home()
    {
        expect_a_client_to_be_told(server, *log);
        server.stop();
        EXPECT_THAT(log->threads(), Each(home.id()));
    }

    void expect_calls_on_workers()
    {
        expect_a_client_to_be_told(server, *log);
        server.stop();
        EXPECT_THAT(log->threads(), Each(Ne(home.id())));
    }
};

std::string text_of(const testing::TestParamInfo<const wchar_t *> &info)
{
    std::string name;

    for (const wchar_t *c = info.param; *c; c++)
        name += isalnum(*c) ? static_cast<char>(*c) : '_';
    return name;
}

/* ---- by the module that holds its Invoke ---- */

class BoundCode : public Runtime, public testing::WithParamInterface<const wchar_t *>
{
};

/* The ending is not looked at: under the full names of cscript.exe and mshtml.dll Wine would load its own. */
INSTANTIATE_TEST_SUITE_P(Of, BoundCode,
                         testing::Values(L"jscript9legacy.dll", L"JScript9Legacy.DLL", L"php_com_dotnet.dll",
                                         L"php8ts.dll", L"AutoIt3_x64.exe", L"AutoHotkeyU64.exe", L"pbvm190.dll",
                                         L"vfp9t.dll", L"jscript9.dll", L"wshom.ocx", L"cscript.dll", L"WScript.dll",
                                         L"mshtml.ocx", L"scrobj.ocx"),
                         text_of);

TEST_P(BoundCode, IsCalledOnItsOwnThread)
{
    load(GetParam());
    advise_foreign_code();

    expect_calls_at_home();
}

class FreeCode : public Runtime, public testing::WithParamInterface<const wchar_t *>
{
};

INSTANTIATE_TEST_SUITE_P(Of, FreeCode,
                         testing::Values(L"harmless.dll", L"jscript9legacy2.dll", L"myphp.dll", L"vbscript.old.dll"),
                         text_of);

TEST_P(FreeCode, IsCalledOnAWorker)
{
    load(GetParam());
    advise_foreign_code();

    expect_calls_on_workers();
}

TEST_F(Runtime, AProgramThatMerelyUsesOneIsCalledOnAWorker)
{
    HMODULE used = LoadLibraryW(L"vbscript.dll"); /* VBScript.RegExp */

    load(L"jscript9legacy.dll");
    advise_own_code();

    expect_calls_on_workers();
    FreeLibrary(used);
}

/* ---- by what the process has loaded ---- */

class BoundProcess : public Runtime, public testing::WithParamInterface<const wchar_t *>
{
};

INSTANTIATE_TEST_SUITE_P(With, BoundProcess,
                         testing::Values(L"vbe7.dll", L"VBA6.DLL", L"msvbvm50.dll", L"x64-vcruntime140-ruby310.dll",
                                         L"msvcrt-ruby270.dll", L"perl536.dll", L"vbe6.dll", L"msvbvm60.dll"),
                         text_of);

TEST_P(BoundProcess, HasAllItsSinksCalledOnTheirOwnThreads)
{
    load(GetParam());
    advise_own_code();

    expect_calls_at_home();
}

TEST_F(Runtime, IsJudgedAgainAtEachStart)
{
    advise_own_code();
    load(L"vbe7.dll");

    expect_calls_at_home();
}

TEST_F(Runtime, ThatHasGoneByTheNextStartBindsNoLonger)
{
    load(L"vbe7.dll");
    advise_own_code();
    module.reset();

    expect_calls_on_workers();
}

/* ---- by a window of the sink's thread ---- */

class window_of_class
{
  public:
    window_of_class(const wchar_t *name, HWND parent) : name(name)
    {
        WNDCLASSW description = {};

        description.lpfnWndProc = DefWindowProcW;
        description.hInstance = GetModuleHandleW(nullptr);
        description.lpszClassName = name;
        RegisterClassW(&description);
        window = CreateWindowExW(0, name, L"", 0, 0, 0, 0, 0, parent, nullptr, description.hInstance, nullptr);
        EXPECT_TRUE(window);
    }
    window_of_class(const window_of_class &) = delete;
    ~window_of_class()
    {
        DestroyWindow(window);
        UnregisterClassW(name, GetModuleHandleW(nullptr));
    }

    HWND handle() const
    {
        return window;
    }

  private:
    const wchar_t *name;
    HWND window;
};

/* What the system would list as a window of the thread that made it, and what its class would be. */
HWND listed;
const wchar_t *listed_class;

BOOL WINAPI list_it(DWORD thread, WNDENUMPROC found, LPARAM context)
{
    return GetWindowThreadProcessId(listed, nullptr) != thread || found(listed, context);
}

int WINAPI name_it(HWND window, WCHAR *name, int size)
{
    EXPECT_EQ(window, listed);
    lstrcpynW(name, listed_class, size);
    return lstrlenW(name);
}

/* Without a display only windows for messages can be made, which the system does not list. */
class BoundWindow : public Runtime
{
  protected:
    const runtime_calls real = runtime_system;
    std::unique_ptr<window_of_class> window;

    BoundWindow()
    {
        listed = nullptr;
        runtime_system = {list_it, name_it};
    }
    ~BoundWindow() override
    {
        server.object.reset();
        home.run([&] { window.reset(); });
        runtime_system = real;
    }

    void make(const wchar_t *name)
    {
        window = std::make_unique<window_of_class>(L"NamedPipeServer test", HWND_MESSAGE);
        listed_class = name;
        listed = window->handle();
    }
    void make_at_home(const wchar_t *name)
    {
        home.run([&] { make(name); });
    }
};

TEST_F(BoundWindow, OfACompiledAutoItScriptTellsOne)
{
    make_at_home(L"AutoIt v3");
    advise_own_code();

    expect_calls_at_home();
}

TEST_F(BoundWindow, OfACompiledAutoHotkeyScriptTellsOne)
{
    make_at_home(L"AutoHotkey");
    advise_own_code();

    expect_calls_at_home();
}

TEST_F(BoundWindow, ThatIsForMessagesAloneTellsOneToo)
{
    home.run([&] { window = std::make_unique<window_of_class>(L"AutoHotkey", HWND_MESSAGE); });
    advise_own_code();

    expect_calls_at_home();
}

TEST_F(BoundWindow, ThatCameAfterTheSinkIsSeenByStart)
{
    advise_own_code();
    make_at_home(L"AutoIt v3");

    expect_calls_at_home();
}

TEST_F(BoundWindow, OfAnotherThreadTellsNothing)
{
    window_of_class for_messages(L"AutoHotkey", HWND_MESSAGE);
    make(L"AutoIt v3");
    advise_own_code();

    expect_calls_on_workers();
    window.reset();
}

TEST_F(BoundWindow, OfAnotherClassTellsNothing)
{
    make_at_home(L"AutoIt v3 too");
    advise_own_code();

    expect_calls_on_workers();
}

/* ---- by the program ---- */

TEST(DISABLED_InAProgram, EveryObjectIsBound)
{
    auto log = std::make_shared<event_log>();
    com_ptr<IDispatch> object = make_recording_sink(log);
    wchar_t name[RUNTIME_NAME];

    EXPECT_TRUE(runtime_is_bound(runtime_of(object.get()), GetCurrentThreadId(), name));
}

TEST(RuntimeByProgram, InNodeEveryObjectIsBound)
{
    EXPECT_EQ(run_as(L"node.exe", L"DISABLED_InAProgram.*"), 0u);
}

TEST(RuntimeByProgram, InAnyOtherNoObjectIsBound)
{
    EXPECT_EQ(run_as(L"another.exe", L"DISABLED_InAProgram.*"), 1u);
}

/* ---- the debugger is told ---- */

SRWLOCK heard_lock = SRWLOCK_INIT;
std::wstring heard; /* heard_lock */

LONG CALLBACK hear(EXCEPTION_POINTERS *exception)
{
    const std::optional<std::wstring> line = debugger_line_of(*exception->ExceptionRecord);

    if (!line)
        return EXCEPTION_CONTINUE_SEARCH;
    AcquireSRWLockExclusive(&heard_lock);
    heard += *line;
    ReleaseSRWLockExclusive(&heard_lock);
    return EXCEPTION_CONTINUE_EXECUTION;
}

class TracedRuntime : public Runtime
{
  protected:
    void *handler = AddVectoredExceptionHandler(1, hear);

    TracedRuntime()
    {
        heard.clear();
    }
    ~TracedRuntime() override
    {
        RemoveVectoredExceptionHandler(handler);
    }
};

TEST_F(TracedRuntime, ThatIsBoundIsNamedToTheDebuggerOnce)
{
    load(L"php_com_dotnet.dll");
    advise_foreign_code();

    expect_calls_at_home();

    EXPECT_EQ(heard, L"NamedPipeServer: handlers of php_com_dotnet.dll are called on their own thread, since it cannot "
                     L"take another\n");
}

TEST_F(TracedRuntime, ThatIsNotBoundIsNotNamed)
{
    load(L"harmless.dll");
    advise_foreign_code();

    expect_calls_on_workers();

    EXPECT_EQ(heard, L"");
}

} // namespace
