#include "com/byte_items.h"

#include "base/win32.h"
#include "com/byte_number.h"
#include "com/error.h"
#include "com/item_list.h"
#include "com/json_dictionary.h"

#define FIRST_ROOM 256

/* The bytes that have come. */
typedef struct byte_items
{
    BYTE *data; /* owned */
    DWORD count, room;
} byte_items;

static HRESULT append(byte_items *b, BYTE byte)
{
    BYTE *larger;

    if (b->count == b->room)
    {
        larger = mem_alloc(b->room ? 2 * (size_t)b->room : FIRST_ROOM);
        if (!larger)
            return error_raise(ERROR_ID_OUT_OF_MEMORY);
        if (b->count)
            memcpy(larger, b->data, b->count);
        mem_free(b->data);
        b->data = larger;
        b->room = b->room ? 2 * b->room : FIRST_ROOM;
    }
    b->data[b->count++] = byte;
    return S_OK;
}

static HRESULT append_item(byte_items *b, const VARIANT *item)
{
    LONG number;

    if (b->count == ITEMS_MOST)
        return error_raise(ERROR_ID_ENDLESS, (LONG)ITEMS_MOST);
    if (!byte_number_of(item, &number))
        return error_raise(ERROR_ID_WRONG_ELEMENT_TYPE, (LONG)b->count);
    if (number < 0 || number > 255)
        return error_raise(ERROR_ID_WRONG_ELEMENT, (LONG)b->count, number);
    return append(b, (BYTE)number);
}

static HRESULT read_items(item_list *l, byte_items *b)
{
    const VARIANT *item;
    HRESULT hr;

    do
    {
        hr = item_list_next(l, &item);
        if (hr == S_OK)
            hr = append_item(b, item);
    } while (hr == S_OK);
    return FAILED(hr) ? hr : S_OK;
}

/* ---- opening ---- */

/* Fails for what has items that are not its data: the keys of a dictionary, the length of a function. Returns S_FALSE
 * for others. */
static HRESULT refuse_others(target *t)
{
    json_source s;
    HRESULT hr;

    if (target_is_function(t))
        return error_raise(ERROR_ID_WRONG_DATA);
    s.kind = NULL;
    VariantInit(&s.kept);
    hr = json_dictionary_open(t, &s);
    if (hr == S_OK)
        json_source_close(&s);
    return hr == S_OK ? error_raise(ERROR_ID_WRONG_DATA) : hr;
}

/* An object of a script is not asked first for an enumerator: those of some systems tell the user of an error then. */
static HRESULT open_list(target *t, item_list *out)
{
    bool of_script = t->ex != NULL;
    HRESULT hr = refuse_others(t);

    if (hr == S_FALSE)
        hr = item_list_open_script(t, out);
    if (hr == S_FALSE && of_script)
        hr = item_list_open_indexed(t, out);
    if (hr == S_FALSE)
        hr = item_list_open_enumerator(t, out);
    if (hr == S_FALSE && !of_script)
        hr = item_list_open_indexed(t, out);
    return hr == S_FALSE ? error_raise(ERROR_ID_WRONG_DATA) : hr;
}

static HRESULT read_target(target *t, byte_items *b)
{
    IErrorInfo *sentence;
    item_list list;
    HRESULT hr = open_list(t, &list);

    if (FAILED(hr))
        return hr;
    hr = read_items(&list, b);
    sentence = error_take();
    item_list_close(&list);
    error_put_back(sentence);
    return hr;
}

HRESULT byte_items_read(IUnknown *object, BYTE **out, DWORD *count)
{
    byte_items b = {NULL, 0, 0};
    IErrorInfo *sentence;
    HRESULT hr;
    target t;

    IUnknown_AddRef(object); /* its own code may release it */
    hr = target_open(object, &t) ? read_target(&t, &b) : error_raise(ERROR_ID_WRONG_DATA);
    sentence = error_take();
    target_close(&t);
    IUnknown_Release(object);
    error_put_back(sentence);
    if (FAILED(hr))
    {
        mem_free(b.data);
        b.data = NULL;
        b.count = 0;
    }
    *out = b.data;
    *count = b.count;
    return hr;
}
