# The package tree-sitter-vba brings the grammar of VB6 as source, but compiles that of VBA alone.
# npm runs this by itself.
{
  "targets": [
    {
      "target_name": "vb6",
      "dependencies": ["<!(node -p \"require('node-addon-api').targets\"):node_addon_api_except"],
      "include_dirs": ["node_modules/tree-sitter-vba/vb6/src"],
      "sources": [
        "binding.cc",
        "node_modules/tree-sitter-vba/vb6/src/parser.c",
        "node_modules/tree-sitter-vba/vb6/src/scanner.c"
      ],
      "conditions": [
        ["OS=='win'", { "cflags_c": ["/std:c11", "/utf-8"] }, { "cflags_c": ["-std=c11"] }]
      ]
    }
  ]
}
