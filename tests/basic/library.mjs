// The type library as Basic sees it, read from what tests/tools/typelib_dump.c prints.
//
// Names are looked up in lower case. A type is { name, isArray }; a class goes by its own name, not by its interface's.

const BASIC_TYPES = { 3: 'Long', 5: 'Double', 7: 'Date', 8: 'String', 9: 'Object', 11: 'Boolean', 12: 'Variant',
    17: 'Byte', 20: 'LongPtr', 22: 'Long' };
const KIND_ENUM = 0, KIND_DISPATCH = 4, KIND_COCLASS = 5;
const CAN_CREATE = 2;
const FUNCTION_RESTRICTED = 1;
const FUNCTION = 1, GET = 2, PUT = 4, PUT_REFERENCE = 8;
const SOURCE = 2;
const OPTIONAL = 0x10, HAS_DEFAULT = 0x20;
const HRESULT = 'vt24';

export class Library {
    constructor(dump) {
        this.classes = new Map();
        this.enums = new Map();
        this.constants = new Set();
        const interfaces = this.#read(dump);

        for (const entry of this.classes.values()) {
            entry.members = interfaces.get(entry.interface).members;
            entry.events = entry.source && interfaces.get(entry.source).members;
        }
        for (const { members } of interfaces.values())
            for (const member of members.values())
                this.#finish(member);
    }

    classOf(type) {
        return type && !type.isArray ? this.classes.get(type.name.toLowerCase()) : undefined;
    }

    #read(dump) {
        const interfaces = new Map();
        let type, member, found;

        for (const line of dump.split(/\r?\n/)) {
            if ((found = line.match(/^library (\S+) ".*" (\d+)\.(\d+) .*(\{.*\})$/)))
                Object.assign(this, { name: found[1], guid: found[4],
                    version: `${Number(found[2]).toString(16)}.${Number(found[3]).toString(16)}` });
            else if ((found = line.match(/^(\S+) ".*" kind (\d+) flags ([0-9a-f]+) /))) {
                type = { name: found[1], kind: Number(found[2]), flags: parseInt(found[3], 16), members: new Map() };
                if (type.kind === KIND_ENUM)
                    this.enums.set(type.name.toLowerCase(), type);
                else if (type.kind === KIND_COCLASS)
                    this.classes.set(type.name.toLowerCase(),
                        Object.assign(type, { isCreatable: (type.flags & CAN_CREATE) !== 0 }));
                else if (type.kind === KIND_DISPATCH)
                    interfaces.set(type.name, type);
            } else if ((found = line.match(/^ {2}: (\S+) flags ([0-9a-f]+)$/))) {
                if (type.kind === KIND_COCLASS)
                    type[parseInt(found[2], 16) & SOURCE ? 'source' : 'interface'] = found[1];
            } else if ((found = line.match(/^ {2}(\S+) ".*" id (-?\d+) kind (\d+) flags ([0-9a-f]+) .* returns (.+)$/)))
                member = Library.#addFunction(type.members, ...found.slice(1));
            else if ((found = line.match(/^ {4}(\S+): (.+?) flags ([0-9a-f]+)/))) {
                if (member && found[1] !== '(value)')
                    member.parameters.push({ name: found[1], written: found[2],
                        isOptional: (parseInt(found[3], 16) & (OPTIONAL | HAS_DEFAULT)) !== 0 });
            } else if ((found = line.match(/^ {2}(\S+) "" id \d+ flags/)))
                this.constants.add(found[1].toLowerCase());
        }
        return interfaces;
    }

    static #addFunction(members, name, id, kind, flags, returned) {
        const member = members.get(name.toLowerCase()) ?? { name, id: Number(id), kinds: 0, parameters: [],
            returned: HRESULT, isHidden: (parseInt(flags, 16) & FUNCTION_RESTRICTED) !== 0 };

        members.set(name.toLowerCase(), member);
        member.kinds |= Number(kind);
        if (returned !== HRESULT)
            member.returned = returned;
        return member;
    }

    // What is written as the dump has it becomes what Basic calls it.
    #finish(member) {
        member.isFunction = (member.kinds & FUNCTION) !== 0;
        member.canGet = (member.kinds & GET) !== 0 || (member.isFunction && member.returned !== HRESULT);
        member.canLet = (member.kinds & PUT) !== 0;
        member.canSet = (member.kinds & PUT_REFERENCE) !== 0;
        member.type = member.returned === HRESULT ? undefined : this.#basicType(member.returned);
        for (const parameter of member.parameters) {
            const isInterface = /^[A-Z_]/.test(parameter.written);
            const stars = parameter.written.match(/\**$/)[0].length;

            parameter.type = this.#basicType(parameter.written);
            parameter.isReference = stars > (isInterface ? 1 : 0);
        }
    }

    #basicType(written) {
        const isArray = written.startsWith('array of ');
        const bare = written.replace(/^array of /, '').replace(/\*+$/, '');
        const found = bare.match(/^vt(\d+)$/);
        const name = found ? BASIC_TYPES[found[1]] ?? bare : this.#classOfInterface(bare);

        return { name, isArray };
    }

    #classOfInterface(name) {
        for (const entry of this.classes.values())
            if (entry.interface === name)
                return entry.name;
        return name;
    }
}
