/* com_values.h: COM's pointers, VARIANTs, strings and arrays for tests, each freed when it goes out of scope. */

#ifndef SUPPORT_COM_COM_VALUES_H
#define SUPPORT_COM_COM_VALUES_H

#include <windows.h>

#include <ole2.h>
#include <ocidl.h>
#include <oleauto.h>
#include <olectl.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

/* Visual Basic's numbers. */
constexpr HRESULT vb_error(int number)
{
    return static_cast<HRESULT>(0x800A0000 + number);
}

/* A reference. `put` is for parameters that give one out. */
template <typename Interface> class com_ptr
{
  public:
    com_ptr() = default;
    explicit com_ptr(Interface *taken_over) : pointer(taken_over)
    {
    }
    com_ptr(const com_ptr &other) : pointer(other.pointer)
    {
        if (pointer)
            pointer->AddRef();
    }
    com_ptr(com_ptr &&other) noexcept : pointer(std::exchange(other.pointer, nullptr))
    {
    }
    com_ptr &operator=(com_ptr other) noexcept
    {
        std::swap(pointer, other.pointer);
        return *this;
    }
    ~com_ptr()
    {
        reset();
    }

    void reset()
    {
        if (Interface *released = std::exchange(pointer, nullptr))
            released->Release();
    }
    Interface **put()
    {
        reset();
        return &pointer;
    }
    void **put_void()
    {
        return reinterpret_cast<void **>(put());
    }
    Interface *get() const
    {
        return pointer;
    }
    Interface *operator->() const
    {
        return pointer;
    }
    explicit operator bool() const
    {
        return pointer != nullptr;
    }

    /* Another interface of the same object; null where it has none. */
    template <typename Other> com_ptr<Other> as(REFIID iid) const
    {
        com_ptr<Other> other;

        pointer->QueryInterface(iid, other.put_void());
        return other;
    }

  private:
    Interface *pointer = nullptr;
};

/* A VARIANT, Empty at first. */
class variant : public VARIANT
{
  public:
    variant();
    explicit variant(int number);                /* VT_I4 */
    explicit variant(const wchar_t *text);       /* VT_BSTR */
    explicit variant(IDispatch *object);         /* VT_DISPATCH, a reference of its own */
    explicit variant(const std::vector<BYTE> &); /* VT_ARRAY | VT_UI1 */
    variant(const variant &other);
    variant &operator=(const variant &) = delete;
    ~variant();

    /* Nothing but a type: VT_NULL and the like. */
    static variant of_type(VARTYPE vt);
    /* A missing argument. */
    static variant missing();
    /* VT_ARRAY | VT_VARIANT, from `lower_bound` up. */
    static variant array_of(std::initializer_list<variant> elements, LONG lower_bound = 0);

    /* VT_BYREF | VT_VARIANT to this one, which has to outlive it. */
    variant by_reference();
    void clear();
};

/* A BSTR. */
class bstr
{
  public:
    bstr() = default;
    explicit bstr(const std::wstring &text);
    bstr(const bstr &) = delete;
    ~bstr();

    BSTR get() const
    {
        return text;
    }
    BSTR *put();
    std::wstring str() const;

  private:
    BSTR text = nullptr;
};

/* The elements of an array of bytes; {0xBAD} for what is none. */
std::vector<int> elements_of(SAFEARRAY *array);

/* A one-dimensional array of `vt` from `lower_bound` up, whose memory holds `values`. */
template <typename Element>
SAFEARRAY *make_array(VARTYPE vt, std::initializer_list<Element> values, LONG lower_bound = 0)
{
    SAFEARRAYBOUND bound = {static_cast<ULONG>(values.size()), lower_bound};
    SAFEARRAY *array = SafeArrayCreate(vt, 1, &bound);
    auto *to = static_cast<Element *>(array->pvData);

    for (const Element &value : values)
        *to++ = value;
    return array;
}

/* The sentence of the calling thread's last error, which is taken away; empty where there is none. */
std::wstring take_error_sentence();

#endif
