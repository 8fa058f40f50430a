/* typelib_dump FILE.tlb: prints what a type library promises, one promise a line, in the library's order.
 *
 * Two libraries that print the same are the same to whoever compiles against them. Time stamps, offsets and sizes of
 * structures are not printed. Ends with 1 when the file cannot be loaded. */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>
#include <stdio.h>

enum
{
    MOST_NAMES = 64 /* of one function: its own and its parameters' */
};

static void print_guid(const GUID *guid)
{
    WCHAR text[40];

    StringFromGUID2(guid, text, 40);
    printf("%ls", text);
}

/* The name of a member, or of the type itself (MEMBERID_NIL), with its helpstring. */
static void print_documentation(ITypeInfo *info, MEMBERID member)
{
    BSTR name = NULL, help = NULL;

    ITypeInfo_GetDocumentation(info, member, &name, &help, NULL, NULL);
    printf("%ls \"%ls\"", name ? name : L"?", help ? help : L"");
    SysFreeString(name);
    SysFreeString(help);
}

static void print_referenced_name(ITypeInfo *info, HREFTYPE reference)
{
    ITypeInfo *referenced;
    BSTR name = NULL;

    if (FAILED(ITypeInfo_GetRefTypeInfo(info, reference, &referenced)))
    {
        printf("<unresolved>");
        return;
    }
    ITypeInfo_GetDocumentation(referenced, MEMBERID_NIL, &name, NULL, NULL, NULL);
    printf("%ls", name ? name : L"?");
    SysFreeString(name);
    ITypeInfo_Release(referenced);
}

static void print_type(ITypeInfo *info, const TYPEDESC *type)
{
    if (type->vt == VT_PTR)
    {
        print_type(info, type->lptdesc);
        printf("*");
    }
    else if (type->vt == VT_SAFEARRAY)
    {
        printf("array of ");
        print_type(info, type->lptdesc);
    }
    else if (type->vt == VT_USERDEFINED)
        print_referenced_name(info, type->hreftype);
    else
        printf("vt%u", type->vt);
}

static void print_value(VARIANT *value)
{
    VARIANT text;

    VariantInit(&text);
    printf(" = vt%u:", V_VT(value));
    if (SUCCEEDED(VariantChangeTypeEx(&text, value, LOCALE_INVARIANT, VARIANT_NOUSEROVERRIDE, VT_BSTR)) &&
        V_BSTR(&text))
        printf("%ls", V_BSTR(&text));
    VariantClear(&text);
}

static void print_parameter(ITypeInfo *info, const WCHAR *name, const ELEMDESC *parameter)
{
    const PARAMDESC *about = &parameter->paramdesc;

    printf("\n    %ls: ", name);
    print_type(info, &parameter->tdesc);
    printf(" flags %x", about->wParamFlags);
    if (about->wParamFlags & PARAMFLAG_FHASDEFAULT)
        print_value(&about->pparamdescex->varDefaultValue);
}

static void print_function(ITypeInfo *info, const FUNCDESC *function)
{
    BSTR names[MOST_NAMES] = {0};
    UINT count = 0, i;
    SHORT p;

    printf("  ");
    print_documentation(info, function->memid);
    printf(" id %ld kind %d flags %x call %d optional %d slot %d returns ", function->memid, function->invkind,
           function->wFuncFlags, function->callconv, function->cParamsOpt, function->oVft / (int)sizeof(void *));
    print_type(info, &function->elemdescFunc.tdesc);
    ITypeInfo_GetNames(info, function->memid, names, MOST_NAMES, &count);
    for (p = 0; p < function->cParams; p++)
        print_parameter(info, (UINT)p + 1 < count ? names[p + 1] : L"(value)", &function->lprgelemdescParam[p]);
    printf("\n");
    for (i = 0; i < count; i++)
        SysFreeString(names[i]);
}

static void print_variable(ITypeInfo *info, const VARDESC *variable)
{
    printf("  ");
    print_documentation(info, variable->memid);
    printf(" id %ld flags %x ", variable->memid, variable->wVarFlags);
    print_type(info, &variable->elemdescVar.tdesc);
    if (variable->varkind == VAR_CONST)
        print_value(variable->lpvarValue);
    printf("\n");
}

static void print_base(ITypeInfo *info, UINT index)
{
    HREFTYPE reference;
    INT flags = 0;

    if (FAILED(ITypeInfo_GetRefTypeOfImplType(info, index, &reference)))
        return;
    ITypeInfo_GetImplTypeFlags(info, index, &flags);
    printf("  : ");
    print_referenced_name(info, reference);
    printf(" flags %x\n", flags);
}

static void print_members(ITypeInfo *info, const TYPEATTR *type)
{
    FUNCDESC *function;
    VARDESC *variable;
    UINT i;

    for (i = 0; i < type->cImplTypes; i++)
        print_base(info, i);
    for (i = 0; i < type->cVars; i++)
    {
        if (FAILED(ITypeInfo_GetVarDesc(info, i, &variable)))
            continue;
        print_variable(info, variable);
        ITypeInfo_ReleaseVarDesc(info, variable);
    }
    for (i = 0; i < type->cFuncs; i++)
    {
        if (FAILED(ITypeInfo_GetFuncDesc(info, i, &function)))
            continue;
        print_function(info, function);
        ITypeInfo_ReleaseFuncDesc(info, function);
    }
}

static void print_type_info(ITypeInfo *info)
{
    TYPEATTR *type;

    if (FAILED(ITypeInfo_GetTypeAttr(info, &type)))
        return;
    print_documentation(info, MEMBERID_NIL);
    printf(" kind %d flags %x version %u.%u ", type->typekind, type->wTypeFlags, type->wMajorVerNum,
           type->wMinorVerNum);
    print_guid(&type->guid);
    if (type->typekind == TKIND_ALIAS)
    {
        printf(" for ");
        print_type(info, &type->tdescAlias);
    }
    printf("\n");
    print_members(info, type);
    ITypeInfo_ReleaseTypeAttr(info, type);
}

static void print_library(ITypeLib *library)
{
    TLIBATTR *about;
    BSTR name = NULL, help = NULL;
    ITypeInfo *info;
    UINT i;

    if (FAILED(ITypeLib_GetLibAttr(library, &about)))
        return;
    ITypeLib_GetDocumentation(library, MEMBERID_NIL, &name, &help, NULL, NULL);
    printf("library %ls \"%ls\" %u.%u language %lx system %d flags %x ", name ? name : L"?", help ? help : L"",
           about->wMajorVerNum, about->wMinorVerNum, about->lcid, about->syskind, about->wLibFlags);
    print_guid(&about->guid);
    printf("\n");
    SysFreeString(name);
    SysFreeString(help);
    ITypeLib_ReleaseTLibAttr(library, about);

    for (i = 0; i < ITypeLib_GetTypeInfoCount(library); i++)
    {
        if (FAILED(ITypeLib_GetTypeInfo(library, i, &info)))
            continue;
        print_type_info(info);
        ITypeInfo_Release(info);
    }
}

int main(int argc, char **argv)
{
    WCHAR path[MAX_PATH];
    ITypeLib *library;
    HRESULT hr;

    if (argc != 2 || !MultiByteToWideChar(CP_ACP, 0, argv[1], -1, path, MAX_PATH))
    {
        fprintf(stderr, "usage: typelib_dump FILE.tlb\n");
        return 2;
    }
    CoInitialize(NULL);
    hr = LoadTypeLibEx(path, REGKIND_NONE, &library);
    if (FAILED(hr))
        fprintf(stderr, "%s cannot be loaded: %08lx\n", argv[1], (unsigned long)hr);
    else
    {
        print_library(library);
        ITypeLib_Release(library);
    }
    CoUninitialize();
    return SUCCEEDED(hr) ? 0 : 1;
}
