// A module of Basic as the checks see it: its variables, its procedures, and the tree below each.
//
// Names are looked up in lower case. A type is { name, isArray }, as in library.mjs; Variant is what is not declared.

import { descendants } from './grammar.mjs';

const PROCEDURES = ['sub_declaration', 'function_declaration', 'property_get_declaration', 'property_let_declaration',
    'property_set_declaration'];
const SUFFIXES = { '%': 'Integer', '&': 'Long', '!': 'Single', '#': 'Double', '@': 'Currency', '$': 'String' };

export const bareName = text => text.replace(/[%&!#@$]$/, '').replace(/^\[(.*)\]$/, '$1');

// `name As type`, of a variable, a parameter or a function's result.
function typeOf(node, name, isArray) {
    const clause = node.childForFieldName('type');
    const found = clause?.text.match(/^As\s+(?:New\s+)?(?:NamedPipeServerLib\.)?([\w.]+)(\(\))?/i);

    return { name: found ? found[1] : SUFFIXES[name.at(-1)] ?? 'Variant', isArray: isArray || Boolean(found?.[2]) };
}

function variableOf(node, withEvents) {
    const name = node.childForFieldName('name').text;
    const isArray = node.childForFieldName('bounds') !== null ||
        node.namedChildren.some(child => child.type === 'array_bounds');

    return { name: bareName(name), node, withEvents, type: typeOf(node, name, isArray),
        isNew: /^As\s+New\s/i.test(node.childForFieldName('type')?.text ?? '') };
}

function parameterOf(node) {
    return Object.assign(variableOf(node, false), {
        isReference: node.childForFieldName('passing_mode')?.type !== 'byval_modifier',
        isOptional: node.children.some(child => ['optional_modifier', 'paramarray_modifier'].includes(child.type)) });
}

const mapOf = entries => new Map(entries.map(entry => [entry.name.toLowerCase(), entry]));

function* declaredIn(node) {
    for (const declaration of descendants(node, 'variable_declaration'))
        for (const child of declaration.namedChildren)
            if (child.type === 'variable_declarator')
                yield variableOf(child, declaration.childForFieldName('with_events_modifier') !== null);
    for (const type of ['const_declarator', 'redim_declarator'])
        for (const child of descendants(node, type))
            if (child.childForFieldName('name'))
                yield variableOf(child, false);
}

export class Procedure {
    constructor(node) {
        const name = node.childForFieldName('name').text;
        const list = node.childForFieldName('parameters');

        this.node = node;
        this.name = bareName(name);
        this.isPublic = !/^(Private|Friend)$/i.test(node.childForFieldName('visibility')?.text ?? '');
        this.isSub = node.type === 'sub_declaration';
        this.isProperty = node.type.startsWith('property_');
        this.parameters = list ? list.namedChildren.filter(child => child.type === 'parameter').map(parameterOf) : [];
        this.body = node.childForFieldName('body');
        this.type = this.isSub ? undefined : typeOf(node, name, false);
        this.variables = new Map([...mapOf(this.parameters), ...(this.body ? mapOf([...declaredIn(this.body)]) : [])]);
        if (this.type && !this.variables.has(this.name.toLowerCase()))
            this.variables.set(this.name.toLowerCase(), { name: this.name, type: this.type, isResult: true });
    }
}

export class Module {
    // where: how a complaint names it; firstLine: of its text in that file.
    constructor({ name, where, text, root, firstLine = 1 }) {
        const top = root.namedChildren;

        this.where = where;
        this.root = root;
        this.firstLine = firstLine;
        this.name = name ?? text.match(/^Attribute VB_Name = "(.*)"/m)?.[1];
        this.isClass = name !== undefined || /\.(cls|frm)$/.test(where);
        this.isForm = /\.frm$/.test(where);
        this.controls = new Set([...text.matchAll(/^ +Begin \S+ (\w+)/gm)].map(found => found[1].toLowerCase()));
        this.procedures = top.filter(node => PROCEDURES.includes(node.type)).map(node => new Procedure(node));
        this.statements = top.filter(node => !PROCEDURES.includes(node.type));
        this.variables = mapOf(this.statements.flatMap(node => [...declaredIn({ namedChildren: [node] })]));
        this.others = new Set(this.statements.filter(node => /^(declare|type|enum)_/.test(node.type))
            .map(node => bareName(node.childForFieldName('name').text).toLowerCase()));
    }

    line(node) {
        return `${this.where}:${node.startPosition.row + this.firstLine}`;
    }

    publicProcedure(name) {
        return this.procedures.find(procedure =>
            procedure.isPublic && procedure.name.toLowerCase() === name.toLowerCase());
    }
}
