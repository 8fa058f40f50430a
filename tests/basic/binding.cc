// Gives Node the grammar of VB6, as tree-sitter-vba gives it that of VBA.

#include <napi.h>

extern "C" struct TSLanguage *tree_sitter_vb6();

// By this tag the package tree-sitter knows a grammar.
static const napi_type_tag language_tag = {0x8AF2E5212AD58ABF, 0xD5006CAD83ABBA16};

static Napi::Object init(Napi::Env env, Napi::Object exports)
{
    auto language = Napi::External<TSLanguage>::New(env, tree_sitter_vb6());

    language.TypeTag(&language_tag);
    exports["language"] = language;
    return exports;
}

NODE_API_MODULE(vb6, init)
