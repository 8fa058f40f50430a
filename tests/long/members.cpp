/* Every member of every object by IDispatch, with arguments at random, a hundred thousand times, while clients are at
 * work: the library lives on, each failure says what is wrong, and nothing is left.
 *
 * The type library says which members there are. What one of them could wait for is bounded: a member that may block is
 * given milliseconds, and Call and Connect names that are not on the network. */

#include "support/com/client_in_mode.h"
#include "support/com/consumer_object.h"
#include "support/com/trace_text.h"
#include "support/long/long_run.h"
#include "support/long/server_in_way.h"
#include "support/seeds.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace
{

/* ---- members, by the type library ---- */

struct parameter
{
    std::wstring name;
    VARTYPE type;
};

struct member
{
    std::string name;
    DISPID id;
    WORD flags;
    std::vector<parameter> parameters; /* without what is returned */
};

/* What a parameter's type is without its pointers: an array of bytes is VT_SAFEARRAY, an object VT_DISPATCH. */
VARTYPE type_of(const TYPEDESC &type)
{
    if (type.vt == VT_PTR)
        return type.lptdesc->vt == VT_USERDEFINED ? static_cast<VARTYPE>(VT_DISPATCH) : type_of(*type.lptdesc);
    return type.vt;
}

std::string narrow(const std::wstring &wide)
{
    return std::string(wide.begin(), wide.end());
}

member member_of(ITypeInfo *info, const FUNCDESC &function)
{
    std::vector<BSTR> names(static_cast<size_t>(function.cParams) + 1);
    UINT count = 0;
    member m;

    info->GetNames(function.memid, names.data(), static_cast<UINT>(names.size()), &count);
    m.name = narrow(names[0]);
    m.id = function.memid;
    m.flags = static_cast<WORD>(function.invkind);
    for (int i = 0; i < function.cParams; i++)
    {
        const ELEMDESC &element = function.lprgelemdescParam[i];
        const std::wstring name = static_cast<UINT>(i) + 1 < count ? names[static_cast<size_t>(i) + 1] : L"Value";

        if (!(element.paramdesc.wParamFlags & PARAMFLAG_FRETVAL))
            m.parameters.push_back({name, type_of(element.tdesc)});
    }
    for (BSTR name : names)
        SysFreeString(name);
    return m;
}

std::string name_of(ITypeInfo *info)
{
    bstr name;

    info->GetDocumentation(MEMBERID_NIL, name.put(), nullptr, nullptr, nullptr);
    return narrow(name.str());
}

/* Those of an interface's own, without IDispatch's. */
std::vector<member> members_of(ITypeInfo *info)
{
    TYPEATTR *attributes;
    std::vector<member> all;

    info->GetTypeAttr(&attributes);
    for (UINT i = 0; i < attributes->cFuncs; i++)
    {
        FUNCDESC *function;
        info->GetFuncDesc(i, &function);
        if (!(function->wFuncFlags & FUNCFLAG_FRESTRICTED) || function->memid == DISPID_NEWENUM)
            all.push_back(member_of(info, *function));
        info->ReleaseFuncDesc(function);
    }
    info->ReleaseTypeAttr(attributes);
    return all;
}

/* The members of each kind of object that was met, and which were called. */
class catalogue
{
  public:
    const std::vector<member> &of(IDispatch *object, std::string &kind)
    {
        com_ptr<ITypeInfo> info;

        object->GetTypeInfo(0, 0, info.put());
        kind = name_of(info.get());
        auto found = known.find(kind);
        if (found == known.end())
            found = known.emplace(kind, members_of(info.get())).first;
        return found->second;
    }

    size_t kinds() const
    {
        return known.size();
    }
    size_t size() const
    {
        size_t all = 0;

        for (const auto &kind : known)
            all += kind.second.size();
        return all;
    }

  private:
    std::map<std::string, std::vector<member>> known;
};

/* ---- arguments ---- */

class arguments
{
  public:
    arguments(draw &d, const std::wstring &own_name) : d(d), own_name(own_name)
    {
    }

    /* A value for a parameter. In one case of four the first one's is of any type. It alone: where a later argument
     * cannot be converted, Wine's ITypeInfo::Invoke never frees those that it has converted. */
    variant for_parameter(const member &m, const parameter &p, bool first)
    {
        if (p.name == L"TimeoutMs" || p.name == L"DrainMs")
            return variant(static_cast<int>(d.below(3)));
        if (p.name == L"ServerName")
            return variant(d.one_of({L".", L"", L"a\\b"}));
        if (m.name == "NumThreadsIOCP" || m.name == "ListenBacklog")
            return variant(d.one_of({-1, 0, 1, 2, 4}));
        if (m.name == "TraceFile")
            return variant(d.one_of({L"", L"\\\\.\\pipe\\no file", L"C:\\missing\\x", trace.path.c_str()}));
        if (p.name == L"PipeName" || m.name == "PipeName")
            return pipe_name();
        return first && d.one_in(4) ? anything() : of_type(p.type);
    }

    variant anything()
    {
        return of_type(d.one_of<VARTYPE>({VT_EMPTY, VT_NULL, VT_I4, VT_R8, VT_BSTR, VT_DISPATCH, VT_SAFEARRAY, VT_BOOL,
                                          VT_DATE, VT_ERROR, VT_ARRAY | VT_VARIANT}));
    }

    /* Whether each object that was an argument has gone. */
    bool objects_are_gone() const
    {
        for (const auto &fate : fates)
            if (!fate->is_gone())
                return false;
        return true;
    }

  private:
    draw &d;
    const std::wstring &own_name;
    trace_path trace;
    std::vector<std::shared_ptr<object_fate>> fates;

    variant pipe_name()
    {
        return d.one_in(3) ? variant(d.one_of({L"", L"a\\b", L"\\\\.\\pipe\\", L"NamedPipeServer-nobody"}))
                           : variant(own_name.c_str());
    }

    int number()
    {
        return d.one_of({INT_MIN, -2, -1, 0, 1, 2, 63, 64, 100, 1000, 65001, 65536, INT_MAX});
    }

    variant text()
    {
        return variant(d.one_of({L"", L"1", L"-1", L"x", L"*", L"caf\u00e9 \u20ac", L"1e400", L"D:(A;;GA;;;WD)"}));
    }

    variant of_type(VARTYPE type)
    {
        switch (type)
        {
        case VT_I2:
        case VT_I4:
        case VT_USERDEFINED: return variant(number());
        case VT_BSTR: return text();
        case VT_BOOL: return boolean();
        case VT_R8:
        case VT_DATE: return real(type);
        case VT_DISPATCH: return d.one_in(2) ? variant(static_cast<IDispatch *>(nullptr)) : object();
        case VT_SAFEARRAY: return bytes();
        case VT_VARIANT: return anything();
        case VT_ERROR: return variant::missing();
        case VT_ARRAY | VT_VARIANT: return variant::array_of({variant(number()), text()});
        default: return variant::of_type(type <= VT_NULL ? type : static_cast<VARTYPE>(VT_EMPTY));
        }
    }

    variant boolean()
    {
        variant made = variant::of_type(VT_BOOL);

        V_BOOL(&made) = d.one_in(2) ? VARIANT_TRUE : VARIANT_FALSE;
        return made;
    }

    variant real(VARTYPE type)
    {
        variant made = variant::of_type(type);

        if (type == VT_DATE)
            V_DATE(&made) = d.one_of({-0.5, 0.0, 3.0, 40000.25});
        else
            V_R8(&made) = d.one_of({-1e300, -0.5, 0.0, 0.5, 3.0, 1e300});
        return made;
    }

    /* Of the consumer's: objects of the library would hold each other for ever. */
    variant object()
    {
        fates.push_back(std::make_shared<object_fate>());
        return variant(make_consumer_object(fates.back(), agility::agile).get());
    }

    variant bytes()
    {
        return variant(message_of(d.one_of({0u, 1u, 100u, 5000u}), d.below(100)));
    }
};

/* ---- calls ---- */

std::string types_of(const std::vector<variant> &reversed)
{
    std::string text;

    for (size_t i = reversed.size(); i-- > 0;)
        text += (text.empty() ? "(" : ", ") + std::to_string(V_VT(&reversed[i]));
    return text + ")";
}

/* One call by IDispatch. */
struct outcome
{
    HRESULT hr;
    variant result;
    EXCEPINFO exception = {};

    outcome(IDispatch *object, const member &m, std::vector<variant> &reversed)
    {
        DISPID put = DISPID_PROPERTYPUT;
        const bool puts = m.flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF);
        DISPPARAMS params = {reversed.data(), puts ? &put : nullptr, static_cast<UINT>(reversed.size()), puts ? 1u : 0};

        hr = object->Invoke(m.id, IID_NULL, LOCALE_USER_DEFAULT, m.flags, &params, puts ? nullptr : &result, &exception,
                            nullptr);
    }
    outcome(const outcome &) = delete;
    ~outcome()
    {
        SysFreeString(exception.bstrSource);
        SysFreeString(exception.bstrDescription);
        SysFreeString(exception.bstrHelpFile);
    }

    /* A sentence of ours, or one of the errors for which each language has its own. */
    bool is_explained() const
    {
        static const std::set<HRESULT> of_the_caller = {
            DISP_E_TYPEMISMATCH,     DISP_E_BADPARAMCOUNT, DISP_E_OVERFLOW,      DISP_E_PARAMNOTFOUND,
            DISP_E_PARAMNOTOPTIONAL, DISP_E_BADVARTYPE,    DISP_E_MEMBERNOTFOUND};

        if (hr == DISP_E_EXCEPTION)
            return SysStringLen(exception.bstrDescription) > 10;
        return SUCCEEDED(hr) || of_the_caller.count(hr);
    }
};

/* Clients at work on a path, until it goes. A stopped server is no failure of theirs. */
class clients_at_work
{
  public:
    clients_at_work(std::wstring path, std::atomic<int> &connections) : path(std::move(path)), connections(connections)
    {
        for (int i = 0; i < 2; i++)
            all.emplace_back([this] { work(); });
    }
    clients_at_work(const clients_at_work &) = delete;
    ~clients_at_work()
    {
        over = true;
    }

  private:
    std::wstring path;
    std::atomic<int> &connections;
    std::atomic<bool> over{false};
    std::vector<background> all; /* joined first */

    void work() const
    {
        while (!over)
        {
            raw_client one;
            message answer;
            DWORD error = one.connect(path, 20);

            connections += !error;
            for (int i = 0; !error && i < 20 && !over; i++)
                error = one.write("hello") == 0 ? one.read(answer, 20) : ERROR_BROKEN_PIPE;
        }
    }
};

class LongMembers : public testing::TestWithParam<way>
{
  protected:
    first_use first;
    com_leak_check leaks;
    catalogue known;
    std::map<std::string, std::set<std::string>> called;
    long long failures = 0, unexplained = 0;
    std::atomic<int> connections{0}; /* of the clients at work */

    /* Calls a member of one of the objects; a new object that it returns takes a place among them. */
    void call_one(draw &d, arguments &some, std::vector<com_ptr<IDispatch>> &objects)
    {
        com_ptr<IDispatch> object = d.one_of(objects);
        std::string kind;
        const std::vector<member> &members = known.of(object.get(), kind);
        const member &m = d.one_of(members);
        std::vector<variant> reversed;

        if (d.one_in(40))
            reversed.push_back(some.anything());
        for (size_t i = m.parameters.size(); i-- > 0;)
            reversed.push_back(some.for_parameter(m, m.parameters[i], i == 0));
        outcome result(object.get(), m, reversed);
        called[kind].insert(m.name);
        failures += FAILED(result.hr);
        if (!result.is_explained())
        {
            unexplained++;
            ADD_FAILURE() << kind << "." << m.name << types_of(reversed) << ": " << std::hex << result.hr
                          << " says nothing";
        }
        keep(d, result.result, objects);
    }

    /* The first two, which are the server and the manager, stay. */
    static void keep(draw &d, const VARIANT &result, std::vector<com_ptr<IDispatch>> &objects)
    {
        com_ptr<ITypeInfo> info;

        if (V_VT(&result) != VT_DISPATCH || !V_DISPATCH(&result))
            return;
        V_DISPATCH(&result)->GetTypeInfo(0, 0, info.put());
        if (!info)
            return; /* the consumer's, from CustomData or EventSink */
        com_ptr<IDispatch> kept(V_DISPATCH(&result));
        kept->AddRef();
        if (objects.size() < 12)
            objects.push_back(kept);
        else
            objects[2 + d.below(10)] = kept;
    }

    /* Lets go of what properties hold. */
    static void let_go(server_in_mode &server, std::vector<com_ptr<IDispatch>> &objects)
    {
        server.stop();
        server->put_EventSink(nullptr);
        objects.clear();
    }

    /* One object of each kind. */
    static void meet_all_kinds(server_in_mode &server, client_in_mode &manager,
                               std::vector<com_ptr<IDispatch>> &objects)
    {
        ASSERT_EQ(server.start(), S_OK);
        raw_client client = server.connect();
        com_ptr<INamedPipeNames> names;
        com_ptr<INamedPipeConnections> connections;

        objects.push_back(server.await_connection(1).as<IDispatch>(IID_IDispatch));
        objects.push_back(server.wait_event().as<IDispatch>(IID_IDispatch));
        objects.push_back(manager.connect(server.path).as<IDispatch>(IID_IDispatch));
        EXPECT_EQ(server->get_Connections(connections.put()), S_OK);
        objects.push_back(connections.as<IDispatch>(IID_IDispatch));
        if (SUCCEEDED(manager->FindNamedPipes(bstr(L"*").get(), names.put()))) /* Wine cannot list pipes */
            objects.push_back(names.as<IDispatch>(IID_IDispatch));
    }

    /* Whatever calls have made of the server. */
    static void serve_again(server_in_mode &server, const std::wstring &name)
    {
        server.stop();
        server->put_PipeName(bstr(name).get());
        server->put_NumThreadsIOCP(2);
        server->put_MessageBufferSize(4096);
        server->put_MaxConnections(0);
        server->put_ListenBacklog(4);
        server->put_MaxMessageSize(0);
        server->put_ReceiveQueueLimit(1 << 20);
        server->put_SendQueueLimit(1 << 20);
        server->put_IdleTimeout(0);
        server->put_Framing(NamedPipeFramingPipe);
        server->put_Security(NamedPipeSecurityCurrentUser);
        server->put_SecurityDescriptor(bstr(L"").get());
        EXPECT_EQ(server.start(), S_OK);
    }

    void call_members(draw &d, unsigned calls)
    {
        server_in_mode server(GetParam() == way::window ? event_mode::by_default : event_mode::free_threaded, 2);
        client_in_mode manager(GetParam() == way::window ? event_mode::by_default : event_mode::free_threaded, 2);
        const std::wstring name = name_in(server.path);
        arguments some(d, name);
        {
            std::vector<com_ptr<IDispatch>> objects;
            objects.push_back(server.object.as<IDispatch>(IID_IDispatch));
            objects.push_back(manager.object.as<IDispatch>(IID_IDispatch));

            meet_all_kinds(server, manager, objects);
            clients_at_work clients(server.path, connections);

            for (unsigned i = 0; i < calls && !unexplained; i++)
            {
                if (i % 50 == 0)
                    serve_again(server, name);
                call_one(d, some, objects);
            }
            let_go(server, objects);
        }
        manager->Stop();
        manager.object.reset();
        server.object.reset();
        take_error_sentence(); /* this thread's last one */
        EXPECT_TRUE(dispatch_until([&] { return some.objects_are_gone(); })) << "an object of the consumer's is held";
    }

    void expect_it_to_live()
    {
        server_in_way server(GetParam(), send_back);
        ASSERT_EQ(server.start(), S_OK);
        raw_client client = server.connect();
        ASSERT_EQ(client.write("alive"), 0u);
        EXPECT_TRUE(server.run_until([&] { return server.count(NamedPipeEventClientMessageReceived) == 1; }));
        EXPECT_EQ(client.read_text(), "alive");
    }
};

INSTANTIATE_TEST_SUITE_P(AtRandom, LongMembers, testing::Values(way::window, way::free_threaded),
                         [](const testing::TestParamInfo<way> &info)
                         { return info.param == way::window ? "Window" : "FreeThreaded"; });

TEST_P(LongMembers, FailWithASentenceAndLeaveNothing)
{
    const unsigned seeds = 5, calls = static_cast<unsigned>(times(1000, 50000)) / seeds;
    apartment here(apartment_of(GetParam()));
    stopwatch watch;

    for_each_seed(seeds, [&](draw &d) { call_members(d, calls); });

    expect_it_to_live();
    EXPECT_GT(connections, 0);
    size_t met = 0;
    for (const auto &kind : called)
        met += kind.second.size();
    tell_figure(std::string("members, ") + name_of(GetParam()),
                watch.rate(seeds * calls) + ", seeds 1 to " + std::to_string(seeds) + "; " + std::to_string(failures) +
                    " failed, " + std::to_string(unexplained) + " without a sentence; " + std::to_string(met) +
                    " members of " + std::to_string(known.kinds()) + " kinds of objects, " +
                    std::to_string(connections) + " connections");
    pump_until_windows_are_gone();
}

} // namespace
