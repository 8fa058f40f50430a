#include "com/byte_number.h"

#include "com/plain_value.h"

/* Reads the integer of type `vt` at `data`. False: `vt` is another type. A large number becomes -1, which is out of
 * range, too. */
static bool read_integer(VARTYPE vt, const void *data, LONG *out)
{
    ULONGLONG large;

    switch (vt)
    {
    case VT_UI1: *out = *(const BYTE *)data; return true;
    case VT_I1: *out = *(const signed char *)data; return true;
    case VT_I2: *out = *(const SHORT *)data; return true;
    case VT_UI2: *out = *(const USHORT *)data; return true;
    case VT_I4:
    case VT_INT: *out = *(const LONG *)data; return true;
    case VT_UI4:
    case VT_UINT: large = *(const ULONG *)data; break;
    case VT_I8:
    case VT_UI8: large = *(const ULONGLONG *)data; break;
    default: return false;
    }
    *out = large > 255 ? -1 : (LONG)large;
    return true;
}

static bool read_whole(double number, LONG *out)
{
    if (!(number >= -2147483648.0 && number <= 2147483647.0) || number != (double)(LONG)number)
        return false;
    *out = (LONG)number;
    return true;
}

/* Basic and PowerShell calculate with Single and Double. */
bool byte_number_read(VARTYPE vt, const void *data, LONG *out)
{
    if (vt == VT_R4)
        return read_whole(*(const float *)data, out);
    if (vt == VT_R8)
        return read_whole(*(const double *)data, out);
    return read_integer(vt, data, out);
}

UINT byte_number_size(VARTYPE vt)
{
    switch (vt)
    {
    case VT_UI1:
    case VT_I1: return 1;
    case VT_I2:
    case VT_UI2: return 2;
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_R4: return 4;
    case VT_I8:
    case VT_UI8:
    case VT_R8: return 8;
    default: return 0;
    }
}

/* A Decimal has more digits than a Double, which would round a fraction away. */
static bool is_whole(DECIMAL *number)
{
    DECIMAL whole;

    return SUCCEEDED(VarDecFix(number, &whole)) && VarDecCmp(number, &whole) == (HRESULT)VARCMP_EQ;
}

/* Reads a Currency or a Decimal: scripts calculate with them, too. */
static bool read_exact_number(VARIANT *value, LONG *out)
{
    VARIANT number;

    VariantInit(&number);
    return (V_VT(value) == VT_CY || (V_VT(value) == VT_DECIMAL && is_whole(&V_DECIMAL(value)))) &&
           SUCCEEDED(VariantChangeType(&number, value, 0, VT_R8)) && read_whole(V_R8(&number), out);
}

bool byte_number_of(const VARIANT *value, LONG *out)
{
    VARIANT plain;

    return plain_value(value, &plain) &&
           (byte_number_read(V_VT(&plain), &V_UI1(&plain), out) || read_exact_number(&plain, out));
}
