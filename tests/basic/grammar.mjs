// The grammars of VB6 and of VBA, from tree-sitter-vba. They lie in a folder of packages that packages.mjs fills.

import { createRequire } from 'node:module';
import path from 'node:path';

export class Grammar {
    #parsers;

    constructor(packages) {
        const require = createRequire(path.join(packages, 'package.json'));
        const Parser = require('tree-sitter');
        const parserOf = language => {
            const parser = new Parser();

            parser.setLanguage(language);
            return parser;
        };

        this.#parsers = {
            vb6: parserOf(require('./build/Release/vb6.node')),
            vba: parserOf(require('tree-sitter-vba')),
        };
    }

    // dialect: vb6 or vba.
    parse(text, dialect) {
        return this.#parsers[dialect].parse(text, undefined, { bufferSize: 2 * text.length + 1024 }).rootNode;
    }
}

// Each node that is none of the language's: what the parser skipped, and what it put in to go on (which the tree may
// hide: then the node that lacks it); and each If, Else or End If without its other parts.
export function* errorsOf(node) {
    const broken = node.children.filter(child => child.hasError || child.isMissing);

    if (node.isError || node.isMissing || (node.hasError && !broken.length))
        yield node;
    yield* loosePartsOfIf(node);
    for (const child of node.children)
        yield* errorsOf(child);
}

// The grammar may leave the parts of an If side by side, and then does not ask whether all are there.
function* loosePartsOfIf(node) {
    const open = [];

    for (const child of node.namedChildren) {
        if (child.type === 'if_statement' && !/\bEnd If$/i.test(child.text.trimEnd()))
            open.push(child);
        else if (child.type.endsWith('_fragment') && !open.length)
            yield child;
        else if (child.type === 'end_if_fragment')
            open.pop();
    }
    yield* open;
}

export function* descendants(node, type) {
    for (const child of node.namedChildren) {
        if (child.type === type)
            yield child;
        yield* descendants(child, type);
    }
}
