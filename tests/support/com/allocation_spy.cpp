#include "support/com/allocation_spy.h"
#include "support/com/apartments.h"
#include "support/com/com_values.h"
#include "support/com/consumer_object.h"
#include "support/com/uncounted.h"

extern "C" {
#include "com/typeinfo.h"
}

#include <objidl.h>

#include <atomic>
#include <mutex>
#include <unordered_set>

namespace
{

/* ---- whose a block is ---- */

class code_of_module
{
  public:
    explicit code_of_module(const WCHAR *name) : base(reinterpret_cast<const BYTE *>(GetModuleHandleW(name)))
    {
        if (base)
            size = reinterpret_cast<const IMAGE_NT_HEADERS *>(
                       base + reinterpret_cast<const IMAGE_DOS_HEADER *>(base)->e_lfanew)
                       ->OptionalHeader.SizeOfImage;
    }
    bool has(const void *address) const
    {
        return base && static_cast<size_t>(static_cast<const BYTE *>(address) - base) < size;
    }

  private:
    const BYTE *base;
    size_t size = 0;
};

/* Whether the marshaller itself asked for it, which takes the arguments of a call apart: two such blocks of each
 * IDispatch::Invoke are never freed by Wine 10's. What oleaut32 makes for it, such as a BSTR, is none. */
bool is_for_the_marshaller()
{
    static const code_of_module here(nullptr), combase(L"combase.dll"), ole32(L"ole32.dll"), marshaller(L"rpcrt4.dll");
    void *callers[12] = {};
    size_t i = 0, count = RtlCaptureStackBackTrace(0, 12, callers, nullptr);

    while (i < count && here.has(callers[i]))
        i++; /* the spy */
    while (i < count && (combase.has(callers[i]) || ole32.has(callers[i])))
        i++;
    return i < count && marshaller.has(callers[i]);
}

class block_list
{
  public:
    void add(void *memory)
    {
        const std::lock_guard<std::mutex> guard(lock);

        blocks.insert(memory);
    }
    bool take(void *memory)
    {
        const std::lock_guard<std::mutex> guard(lock);

        return blocks.erase(memory) != 0;
    }

  private:
    std::mutex lock;
    std::unordered_set<void *> blocks;
};

class spy final : public uncounted<IMallocSpy, IID_IMallocSpy>
{
  public:
    std::atomic<long long> blocks{0};
    block_list of_the_marshaller;

    SIZE_T STDMETHODCALLTYPE PreAlloc(SIZE_T size) override
    {
        return size;
    }
    void *STDMETHODCALLTYPE PostAlloc(void *memory) override
    {
        if (memory && is_for_the_marshaller())
            of_the_marshaller.add(memory);
        else
            blocks += memory != nullptr;
        return memory;
    }
    void *STDMETHODCALLTYPE PreFree(void *memory, BOOL spied) override
    {
        blocks -= spied && memory && !of_the_marshaller.take(memory);
        return memory;
    }
    void STDMETHODCALLTYPE PostFree(BOOL) override
    {
    }
    SIZE_T STDMETHODCALLTYPE PreRealloc(void *memory, SIZE_T size, void **same, BOOL) override
    {
        blocks += memory == nullptr || of_the_marshaller.take(memory);
        *same = memory;
        return size;
    }
    void *STDMETHODCALLTYPE PostRealloc(void *memory, BOOL) override
    {
        return memory;
    }
    void *STDMETHODCALLTYPE PreGetSize(void *memory, BOOL) override
    {
        return memory;
    }
    SIZE_T STDMETHODCALLTYPE PostGetSize(SIZE_T size, BOOL) override
    {
        return size;
    }
    void *STDMETHODCALLTYPE PreDidAlloc(void *memory, BOOL) override
    {
        return memory;
    }
    int STDMETHODCALLTYPE PostDidAlloc(void *, BOOL, int did) override
    {
        return did;
    }
    void STDMETHODCALLTYPE PreHeapMinimize() override
    {
    }
    void STDMETHODCALLTYPE PostHeapMinimize() override
    {
    }
};

spy the_spy;

void turn_the_cache_off()
{
    FARPROC off = GetProcAddress(LoadLibraryW(L"oleaut32.dll"), "SetOaNoCache");

    if (off)
        reinterpret_cast<void(WINAPI *)()>(reinterpret_cast<void *>(off))();
}

void use_the_global_table(IUnknown *object)
{
    com_ptr<IGlobalInterfaceTable> table;
    DWORD cookie;

    CoCreateInstance(CLSID_StdGlobalInterfaceTable, nullptr, CLSCTX_INPROC_SERVER, IID_IGlobalInterfaceTable,
                     table.put_void());
    table->RegisterInterfaceInGlobal(object, IID_IUnknown, &cookie);
    table->RevokeInterfaceFromGlobal(cookie);
}

/* An unknown name leads to the library that ours is based on. */
void use_a_type_library()
{
    com_ptr<ITypeInfo> info;
    LPOLESTR name = const_cast<LPOLESTR>(L"Unknown");
    DISPID id;

    typeinfo_get(IID_INamedPipeEvent, info.put());
    info->GetIDsOfNames(&name, 1, &id);
    info.reset();
    typeinfo_forget();
}

/* What Windows makes once and keeps, as leaks.h has it: an apartment's window class, the tables of the marshaller,
 * what a type library needs. */
void use_com_once()
{
    static bool used = false;
    com_ptr<IStream> stream;

    if (used)
        return;
    used = true;
    sta_thread home, other;
    home.run(
        [&]
        {
            com_ptr<IDispatch> object = make_consumer_object(std::make_shared<object_fate>());

            CoMarshalInterThreadInterfaceInStream(IID_IDispatch, object.get(), stream.put());
            use_the_global_table(object.get());
        });
    other.run(
        [&]
        {
            com_ptr<IDispatch> proxy;

            CoUnmarshalInterface(stream.get(), IID_IDispatch, proxy.put_void());
        });
    run_in_mta([] { use_the_global_table(make_consumer_object(std::make_shared<object_fate>()).get()); });
    use_a_type_library();
}

std::vector<leak_check::counter> com_counters()
{
    count_com_blocks();
    use_com_once();
    return {{"blocks of COM's memory", count_com_blocks}};
}

} // namespace

long long count_com_blocks()
{
    static const bool registered = []
    {
        turn_the_cache_off();
        return SUCCEEDED(CoRegisterMallocSpy(&the_spy));
    }();

    return registered ? the_spy.blocks.load() : 0;
}

com_leak_check::com_leak_check() : leak_check(com_counters())
{
}
