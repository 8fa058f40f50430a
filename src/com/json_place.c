#include "com/json_place.h"

#include "com/error.h"

static void append_step(text_builder *path, const json_step *s, const text_builder *written)
{
    WCHAR digits[12];

    text_builder_add(path, '[');
    if (s->end)
        text_builder_append(path, written->text + s->name, s->end - s->name);
    else
        text_builder_append(path, digits, (size_t)wsprintfW(digits, L"%ld", s->items - 1));
    text_builder_add(path, ']');
}

static void append_path(text_builder *path, const json_step *steps, unsigned depth, const text_builder *written)
{
    for (unsigned i = 0; i < depth && steps[i].items && path->length <= JSON_PLACE_LONGEST; i++)
        append_step(path, &steps[i], written);
    if (path->length <= JSON_PLACE_LONGEST)
        return;
    path->length = JSON_PLACE_LONGEST;
    text_builder_append(path, L"...", 3);
}

/* The sentence of the calling thread's error and the path, as a text that ends with NUL. */
static HRESULT raise_with(HRESULT hr, BSTR sentence, text_builder *path)
{
    text_builder whole = {0};

    text_builder_append(&whole, sentence, SysStringLen(sentence));
    text_builder_append(&whole, L" It stands at ", 14);
    text_builder_append(&whole, path->text, path->length);
    text_builder_append(&whole, L".", 2);
    if (whole.state == TEXT_GOOD)
        hr = error_raise_text(hr, whole.text);
    text_builder_fini(&whole);
    return hr;
}

/* Returns whether something in the value is wrong: errors 5 and 13. Other errors are those of the consumer's code, or
 * memory is short. */
static bool is_of_value(HRESULT hr)
{
    return hr == VB_ERROR(5) || hr == DISP_E_TYPEMISMATCH;
}

HRESULT json_place_add(HRESULT hr, const json_step *steps, unsigned depth, const text_builder *written)
{
    IErrorInfo *raised;
    text_builder path = {0};
    BSTR sentence = NULL;

    if (!is_of_value(hr))
        return hr;
    raised = error_take();
    if (raised)
        IErrorInfo_GetDescription(raised, &sentence);
    error_put_back(raised);
    append_path(&path, steps, depth, written);
    if (sentence && path.length && path.state == TEXT_GOOD)
        hr = raise_with(hr, sentence, &path);
    SysFreeString(sentence);
    text_builder_fini(&path);
    return hr;
}
