/* hook.h: functions of a test's own that threads of what is tested call, and the end of what these functions use. */

#ifndef SUPPORT_PIPE_HOOK_H
#define SUPPORT_PIPE_HOOK_H

#include <windows.h>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>

/* A function that may be set at any time: who is inside the one before goes on in that. Without one its answer is a
 * value of nothing. */
template <typename Signature> class hook;
template <typename Result, typename... Arguments> class hook<Result(Arguments...)>
{
  public:
    hook() = default;
    hook(const hook &other) : function(other.get())
    {
    }
    hook &operator=(const hook &) = delete;

    template <typename Function> hook &operator=(Function f)
    {
        std::function<Result(Arguments...)> given = std::move(f);
        auto next = given ? std::make_shared<decltype(given)>(std::move(given)) : nullptr;

        AcquireSRWLockExclusive(&lock);
        function.swap(next);
        ReleaseSRWLockExclusive(&lock);
        return *this;
    }

    explicit operator bool() const
    {
        return get() != nullptr;
    }

    Result operator()(Arguments... arguments) const
    {
        auto held = get();

        return held ? (*held)(std::forward<Arguments>(arguments)...) : Result();
    }

  private:
    std::shared_ptr<std::function<Result(Arguments...)>> get() const
    {
        AcquireSRWLockShared(&lock);
        auto held = function;
        ReleaseSRWLockShared(&lock);
        return held;
    }

    mutable SRWLOCK lock = SRWLOCK_INIT;
    std::shared_ptr<std::function<Result(Arguments...)>> function;
};

/* The ground of tests that set hooks. What a body declares goes before TearDown, while threads may be inside a hook
 * that uses it. */
class test_with_hooks : public testing::Test
{
  protected:
    /* Declared behind what hooks use and before they are set: the test is torn down first. */
    class hooks_end
    {
      public:
        explicit hooks_end(test_with_hooks *test) : test(test)
        {
        }
        hooks_end(const hooks_end &) = delete;
        ~hooks_end()
        {
            test->TearDown();
        }

      private:
        test_with_hooks *test;
    };

    /* Ends all threads that may be in a hook. Called a second time it does nothing. */
    void TearDown() override = 0;
};

#endif
