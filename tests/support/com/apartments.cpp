#include "support/com/apartments.h"
#include "support/com/com_values.h"
#include "support/com/consumer_object.h"

#include <thread>

apartment::apartment(DWORD kind)
{
    CoInitializeEx(nullptr, kind);
}

apartment::~apartment()
{
    CoUninitialize();
}

sta_thread::sta_thread()
{
    thread.run(
        [this]
        {
            CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED);
            thread_id = GetCurrentThreadId();
        });
}

sta_thread::~sta_thread()
{
    thread.run([] { CoUninitialize(); });
}

void sta_thread::run(std::function<void()> what)
{
    thread.run(std::move(what));
}

home_thread::home_thread()
{
    run(
        []
        {
            com_ptr<IDispatch> object = make_consumer_object(std::make_shared<object_fate>());
            com_ptr<IStream> stream;

            CoMarshalInterThreadInterfaceInStream(IID_IDispatch, object.get(), stream.put());
            CoReleaseMarshalData(stream.get());
        });
}

void run_in_mta(std::function<void()> what)
{
    std::thread(
        [&]
        {
            apartment mta(COINIT_MULTITHREADED);
            what();
        })
        .join();
}

void run_without_apartment(std::function<void()> what)
{
    std::thread(what).join();
}
