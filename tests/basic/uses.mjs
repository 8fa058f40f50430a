// Calls and properties against the type library: each member is there, may be used so, and takes these arguments; each
// name is declared; objects are assigned by Set.

import { bareName } from './program.mjs';
import { isSinkMethod } from './handlers.mjs';

// Visual Basic's own names that the samples and documents use.
const INTRINSIC = new Set(('ActiveSheet App Application Array Asc AscW CBool CByte CCur CDate CDbl Chr ' +
    'ChrW CInt Clipboard CLng Collection Command CreateObject CStr CVar Date Debug Dir DoEvents Environ Err ' +
    'Format Hex InStr IsArray IsEmpty IsNull IsNumeric IsObject LBound LCase Left Len LenB Me Mid MsgBox Now ' +
    'PropertyBag Replace Right Shell Space Split StrConv String Time Timer Trim TypeName UBound UCase Val Win64 ' +
    'vbCr vbCrLf vbExclamation vbFromUnicode vbInformation vbLf vbLogEventTypeError vbLogEventTypeInformation ' +
    'vbNullString vbUnicode')
    .toLowerCase().split(' '));
const FORM = new Set(['caption', 'hide', 'show', 'width', 'height', 'scalewidth', 'scaleheight']);
// Members that are As Object in the library, and what they give.
const LATE_BOUND = new Map([['namedpipeevent.connection', 'NamedPipeServerConnection']]);
const VALUES = new Set(['Boolean', 'Byte', 'Currency', 'Date', 'Double', 'Integer', 'Long', 'LongPtr', 'Single',
    'String']);
// What holds no expression.
const IDLE = new Set(['as_type_clause', 'attribute_statement', 'comment', 'declare_function_statement',
    'declare_sub_statement', 'enum_declaration', 'event_declaration', 'exit_statement', 'goto_statement',
    'implements_statement', 'label_statement', 'newline',
    'on_error_statement', 'option_statement', 'resume_statement', 'type_declaration', 'type_expression']);
const GET = 'get', CALL = 'call', LET = 'let', SET = 'set';
const NO_TYPE = undefined;    // not known, or any

const MEMBERS = ['qualified_member_expression', 'member_expression', 'implicit_member_expression'];

// The arguments in their places; null where one is left out.
function argumentsOf(list) {
    const places = [];
    let hasAny = false;

    for (const child of list?.children ?? []) {
        if (child.type === ',') {
            hasAny = true;
            if (!places.length)
                places.push(null);
            places.push(null);
        } else if (child.isNamed && !['comment', 'newline', 'line_continuation'].includes(child.type)) {
            hasAny = true;
            if (!places.length)
                places.push(null);
            places[places.length - 1] = child;
        }
    }
    return hasAny ? places : [];
}

export class UseChecker {
    #library; #module; #project; #granted; #procedure; #subjects; #precedingCall;

    // project: { modules, granted }; granted: variables that a document takes for granted.
    constructor(library, module, project) {
        this.#library = library;
        this.#module = module;
        this.#project = project;
        this.#granted = new Map((project.granted ?? []).map(variable => [variable.name.toLowerCase(), variable]));
        this.complaints = [];
        this.sinks = new Set();    // modules whose objects become an EventSink
    }

    check() {
        this.#subjects = [];
        for (const node of this.#module.statements)
            this.#visit(node);
        for (const procedure of this.#module.procedures) {
            this.#procedure = procedure;
            for (const parameter of procedure.parameters)
                this.#checkTypeName(parameter.node, parameter.type.name);
            if (procedure.type)
                this.#checkTypeName(procedure.node, procedure.type.name);
            if (procedure.body)
                this.#visit(procedure.body);
        }
        return this.complaints;
    }

    #complain(node, text) {
        this.complaints.push(`${this.#module.line(node)}: ${text}`);
        return NO_TYPE;
    }

    #moduleNamed(name) {
        return this.#project.modules.find(module => module.name?.toLowerCase() === name.toLowerCase());
    }

    #checkTypeName(node, name) {
        if (/^I?NamedPipe/i.test(name) && !this.#library.classes.has(name.toLowerCase()) &&
            !this.#library.enums.has(name.toLowerCase()))
            this.#complain(node, `there is no type ${name}`);
    }

    // Visits an expression or statement and gives an expression's type.
    #visit(node, use = GET) {
        if (IDLE.has(node.type) || node.type.startsWith('frm_'))
            return NO_TYPE;
        if (MEMBERS.includes(node.type))
            return this.#visitMember(node, use, []);
        const visit = this[`visit_${node.type}`];
        if (visit)
            return visit.call(this, node, use);
        for (const child of node.namedChildren)
            this.#visit(child);
        return { string_literal: { name: 'String' }, number_literal: { name: 'Long' },
            boolean_literal: { name: 'Boolean' }, comparison_expression: { name: 'Boolean' } }[node.type];
    }

    #variable(name) {
        return this.#procedure?.variables.get(name) ?? this.#module.variables.get(name) ?? this.#granted.get(name);
    }

    visit_identifier(node) {
        const name = bareName(node.text).toLowerCase();
        const variable = this.#variable(name);

        if (variable)
            return this.#typeOfVariable(variable);
        if (name === 'me')
            return { name: this.#module.name, isArray: false };
        const procedure = this.#project.modules.flatMap(module => module === this.#module ? module.procedures
            : module.isClass ? [] : module.procedures.filter(each => each.isPublic))
            .find(each => each.name.toLowerCase() === name);
        if (procedure)
            return procedure.type;
        const isKnown = INTRINSIC.has(name) || this.#library.constants.has(name) || this.#moduleNamed(name) ||
            this.#module.controls.has(name) ||
            (this.#module.isForm && FORM.has(name)) || this.#project.modules.some(module => module.others.has(name));
        return isKnown ? NO_TYPE : this.#complain(node, `${node.text} is not declared`);
    }

    #typeOfVariable(variable) {
        const isConnection = /^Object$/i.test(variable.type.name) && variable.name.toLowerCase() === 'connection' &&
            this.#procedure?.parameters.includes(variable) && isSinkMethod(this.#library, this.#procedure);

        if (isConnection)
            return { name: 'NamedPipeServerConnection', isArray: false };
        return /^(Object|Variant)$/i.test(variable.type.name) && !variable.type.isArray ? NO_TYPE : variable.type;
    }

    visit_variable_declaration(node) {
        for (const child of node.namedChildren)
            this.#visit(child);
    }

    visit_variable_declarator(node) {
        const type = node.childForFieldName('type')?.text.match(/^As\s+(New\s+)?(?:NamedPipeServerLib\.)?(\w+)/i);

        if (type)
            this.#checkTypeName(node, type[2]);
        if (type?.[1])
            this.#checkCreatable(node, type[2]);
        for (const child of node.namedChildren)
            if (child.type === 'array_bounds' || child.type === 'initializer')
                this.#visit(child);
    }

    visit_const_declarator(node) {
        this.visit_variable_declarator(node);
    }

    visit_redim_declarator(node) {
        this.visit_variable_declarator(node);
    }

    visit_new_expression(node) {
        const name = node.childForFieldName('type').text.replace(/^NamedPipeServerLib\./i, '');

        this.#checkTypeName(node, name);
        this.#checkCreatable(node, name);
        return { name, isArray: false };
    }

    #checkCreatable(node, name) {
        const entry = this.#library.classOf({ name });

        if (entry && !entry.isCreatable)
            this.#complain(node, `${entry.name} cannot be created with New`);
        if (!entry && !this.#moduleNamed(name) && !INTRINSIC.has(name.toLowerCase()))
            this.#complain(node, `there is no class ${name}`);
    }

    visit_parenthesized_expression(node) {
        return this.#visit(node.namedChildren.find(child => child.type !== 'comment'));
    }

    visit_with_statement(node) {
        this.#subjects.push(this.#visit(node.childForFieldName('value')));
        this.#visit(node.childForFieldName('body'));
        this.#subjects.pop();
    }

    visit_for_each_statement(node) {
        const item = this.#visit(node.childForFieldName('variable'));
        const collection = node.childForFieldName('collection');
        const entry = this.#library.classOf(this.#visit(collection));
        const given = entry?.members.get('item')?.type;

        if (entry && !entry.members.has('_newenum'))
            this.#complain(collection, `For Each cannot go through ${entry.name}`);
        if (given && item && item.name.toLowerCase() !== given.name.toLowerCase())
            this.#complain(node, `For Each gives ${given.name}, not ${item.name}`);
        this.#visit(node.childForFieldName('body'));
    }

    visit_assignment_statement(node) {
        const left = this.#visit(node.childForFieldName('left'), LET);
        const right = this.#visit(node.childForFieldName('right'));

        if (this.#isObject(left) || this.#isObject(right))
            this.#complain(node, 'an object is assigned without Set');
    }

    visit_set_statement(node) {
        const target = node.childForFieldName('left');
        const left = this.#visit(target, SET);
        const value = node.childForFieldName('right');
        const right = this.#visit(value);

        if (right && (right.isArray || VALUES.has(right.name)))
            this.#complain(node, `Set takes an object, not ${right.name}`);
        if (this.#library.classOf(left) && this.#library.classOf(right) &&
            left.name.toLowerCase() !== right.name.toLowerCase())
            this.#complain(node, `a ${right.name} is no ${left.name}`);
        if (MEMBERS.includes(target.type) && /^EventSink$/i.test(target.childForFieldName('member').text) && right)
            this.#noteSink(right.name);
    }

    #noteSink(name) {
        const module = this.#moduleNamed(name);

        if (module)
            this.sinks.add(module);
    }

    #isObject(type) {
        return type && !type.isArray && (this.#library.classOf(type) !== undefined || type.name === 'Object');
    }

    visit_call_expression(node, use) {
        const callee = node.childForFieldName('function');
        const places = argumentsOf(node.childForFieldName('arguments'));

        if (MEMBERS.includes(callee.type))
            return this.#visitMember(callee, use, places);
        return this.#applyTo(node, this.#visit(callee), places, use);
    }

    // `servers(1).Start` comes as two statements, `servers (1)` and `.Start`, with nothing between them.
    visit_call_statement(node) {
        const callee = node.childForFieldName('callee');
        const list = node.childForFieldName('arguments');
        const places = list?.type === 'output_list' ? [] : argumentsOf(list);
        const next = node.nextNamedSibling;
        const isHead = next?.startIndex === node.endIndex && next.type !== 'newline' && next.text.startsWith('.');
        let type;

        if (callee.type === 'call_expression' && !isHead && !/^Call\s/i.test(node.text) &&
            argumentsOf(callee.childForFieldName('arguments')).length > 1)
            this.#complain(node, 'arguments in parentheses need Call');
        if (list?.type === 'output_list')    // of Debug.Print
            this.#visit(list);
        if (MEMBERS.includes(callee.type))
            type = this.#visitMember(callee, isHead ? GET : CALL, places);
        else
            type = this.#applyTo(node, this.#visit(callee), places, isHead ? GET : CALL);
        this.#precedingCall = isHead ? { end: node.endIndex, type } : undefined;
    }

    #visitMember(node, use, places) {
        const receiver = node.childForFieldName('receiver');
        let subject;

        if (receiver)
            subject = this.#visit(receiver);
        else if (this.#precedingCall?.end === node.startIndex)
            subject = this.#precedingCall.type;
        else if (this.#subjects.length)
            subject = this.#subjects.at(-1);
        else
            this.#complain(node, `${node.text} has no object before its dot`);
        for (const place of places)
            if (place)
                this.#visit(place.type === 'named_argument' ? place.childForFieldName('value') : place);
        return this.#useMember(node, subject, bareName(node.childForFieldName('member').text), use, places);
    }

    #useMember(node, subject, name, use, places) {
        if (!subject)
            return NO_TYPE;
        if (subject.isArray)
            return this.#complain(node, `an array has no member ${name}`);
        const entry = this.#library.classOf(subject);
        if (entry)
            return this.#useLibraryMember(node, entry, name, use, places);
        const module = this.#moduleNamed(subject.name);
        if (module && !module.isForm) {
            const procedure = module.publicProcedure(name);

            if (!procedure && !module.variables.has(name.toLowerCase()))
                return this.#complain(node, `${module.name} has no public member ${name}`);
            if (procedure && !procedure.isProperty)
                this.#checkArguments(node, procedure, places);
            return procedure?.type;
        }
        if (VALUES.has(subject.name))
            return this.#complain(node, `${subject.name} has no member ${name}`);
        return NO_TYPE;
    }

    #useLibraryMember(node, entry, name, use, places) {
        const member = entry.members.get(name.toLowerCase());

        if (!member || member.isHidden)
            return this.#complain(node, `${entry.name} has no member ${name}`);
        if (places.length && !member.parameters.length && member.type)    // the arguments are those of what it gives
            return this.#applyTo(node, this.#typeOfMember(entry, member), places, use);
        const about = `${entry.name}.${member.name}`;
        if (use === CALL && !member.isFunction)
            return this.#complain(node, `${about} is a property and no method`);
        if (use === GET && !member.canGet)
            return this.#complain(node, `${about} gives nothing`);
        if (use === LET && !member.canLet)
            return this.#complain(node, `${about} cannot be assigned`);
        if (use === SET && !member.canSet)
            return this.#complain(node, `${about} cannot be assigned by Set`);
        this.#checkArguments(node, member, places);
        if (use === LET && member.type.name === 'Object')
            return this.#complain(node, `an object is assigned to ${about} without Set`);
        return this.#typeOfMember(entry, member);
    }

    #typeOfMember(entry, member) {
        const late = LATE_BOUND.get(`${entry.name}.${member.name}`.toLowerCase());

        if (late)
            return { name: late, isArray: false };
        return !member.type || (/^(Variant|Object)$/.test(member.type.name) && !member.type.isArray)
            ? NO_TYPE
            : member.type;
    }

    // `x(...)` where x is no member: an element of an array, or the default member of an object.
    #applyTo(node, type, places, use) {
        const isMember = MEMBERS.includes(node.type);

        if (!isMember)
            for (const place of places)
                if (place)
                    this.#visit(place.type === 'named_argument' ? place.childForFieldName('value') : place);
        if (!type || !places.length)
            return type;
        if (type.isArray)
            return /^(Variant|Object)$/i.test(type.name) ? NO_TYPE : { name: type.name, isArray: false };
        const entry = this.#library.classOf(type);
        const standard = entry && [...entry.members.values()].find(member => member.id === 0);
        if (standard)
            return this.#useLibraryMember(node, entry, standard.name, use, places);
        if (entry || isMember)
            return this.#complain(node, `${node.text} takes no arguments`);
        return type;
    }

    #checkArguments(node, { name, parameters }, places) {
        const given = new Set();

        if (places.length > parameters.length)
            return this.#complain(node, `${name} takes ${parameters.length} arguments, not ${places.length}`);
        for (const [index, place] of places.entries()) {
            const named = place?.type === 'named_argument'
                ? place.childForFieldName('name').text.toLowerCase()
                : undefined;
            const parameter = named === undefined ? parameters[index]
                : parameters.find(each => each.name.toLowerCase() === named);

            if (!parameter)
                this.#complain(node, `${name} has no argument ${named}`);
            else if (given.has(parameter))
                this.#complain(node, `${name} is given ${parameter.name} twice`);
            if (place)
                given.add(parameter);
        }
        for (const parameter of parameters)
            if (!given.has(parameter) && !parameter.isOptional)
                this.#complain(node, `${name} needs its argument ${parameter.name}`);
        return NO_TYPE;
    }
}
