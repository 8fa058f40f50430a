// Where Basic is found: a folder of samples is a project, a block of a document is one too.

import fs from 'node:fs';
import path from 'node:path';

import { errorsOf } from './grammar.mjs';
import { Module } from './program.mjs';

const BASIC = /\.(bas|cls|frm|twin)$/;

export const read = file => fs.readFileSync(file, 'utf8').replace(/\r\n/g, '\n');

// What a document's fragments take for granted.
const GRANTED = [['server', 'NamedPipeServer', false, true], ['Connection', 'NamedPipeServerConnection'],
    ['Data', 'Byte', true], ['bytes', 'Byte', true], ['text', 'String']]
    .map(([name, type, isArray = false, withEvents = false]) => ({ name, withEvents, type: { name: type, isArray } }));

// twinBASIC's classes and modules, which no grammar has; between their first and last line stands VBA.
function* partsOfTwin(text) {
    for (const found of text.matchAll(/^(?:Class|Module) (\w+)\n(.*?)^End (?:Class|Module)$/gms))
        yield { name: found[1], text: found[2], firstLine: text.slice(0, found.index).split('\n').length + 1 };
}

// Statements alone are the body of a procedure. Gives the text and the line of the document at which it begins.
function wholeModule(text, firstLine) {
    return /^(Private |Public )?(Sub|Function|Property) /m.test(text)
        ? [text, firstLine]
        : [`Sub Example()\n${text}End Sub\n`, firstLine - 1];
}

// A whole module, of which a reader takes over what stands above its procedures, too.
const declaresVariables = text => /^(Private|Public|Dim) (WithEvents )?\w+(\(.*\))? As /m.test(text) &&
    /^(Private |Public )?(Sub|Function) /m.test(text);

// Modules that know each other. The functions below take edit(where, text), which may change what is read:
// for the mistakes.
class Project {
    // dialects: the grammars that its modules must be in. The tree is that of VB6, whose files have headers.
    constructor(grammar, dialects) {
        this.grammar = grammar;
        this.dialects = dialects;
        this.modules = [];
        this.complaints = [];
    }

    add(where, text, firstLine = 1, name = undefined) {
        for (const dialect of this.dialects)
            for (const node of errorsOf(this.grammar.parse(text, dialect)))
                this.complaints.push(
                    `${where}:${node.startPosition.row + firstLine}: not in the grammar of ${dialect}: ` +
                    (node.isMissing ? `${node.type} is missing` : JSON.stringify(node.text.slice(0, 60))));
        this.modules.push(new Module({ name, where, text, firstLine, root: this.grammar.parse(text, 'vb6') }));
    }
}

export function sampleProjects(grammar, folder, isWanted = () => true, edit = (where, text) => text) {
    const projects = [];

    for (const name of fs.readdirSync(folder).filter(isWanted).sort()) {
        const inside = path.join(folder, name);
        const files = fs.statSync(inside).isDirectory() ? fs.readdirSync(inside).sort() : [];
        const project = new Project(grammar, /^(vba|twinbasic)$/.test(name) ? ['vba', 'vb6'] : ['vb6']);

        for (const file of files.filter(each => BASIC.test(each))) {
            const where = `${name}/${file}`;
            const text = edit(where, read(path.join(folder, name, file)));

            if (file.endsWith('.twin'))
                for (const part of partsOfTwin(text))
                    project.add(where, part.text, part.firstLine, part.name);
            else
                project.add(where, text);
        }
        if (project.modules.length)
            projects.push(project);
        else if (files.some(each => BASIC.test(each)))
            throw new Error(`${name}: nothing was found in its files`);
    }
    return projects;
}

export function documentProjects(grammar, documents) {
    const projects = [];

    for (const document of documents) {
        const where = path.basename(document);
        const text = read(document);

        for (const found of text.matchAll(/^```vb\n(.*?)^```$/gms)) {
            const project = new Project(grammar, ['vba', 'vb6']);

            project.isDocument = true;
            if (declaresVariables(found[1]) && !/^Option Explicit$/m.test(found[1]))
                project.complaints.push(`${where}: ${JSON.stringify(found[1].split('\n')[0])} and what follows: ` +
                    'a module begins with Option Explicit');
            project.granted = GRANTED;
            project.add(where, ...wholeModule(found[1], text.slice(0, found.index).split('\n').length + 1));
            for (const comment of found[1].matchAll(/^' Class module (\w+):/gm))
                project.modules[0].name = comment[1];
            projects.push(project);
        }
    }
    return projects;
}

export function fixtureProject(grammar, file, edit = (where, text) => text) {
    const project = new Project(grammar, ['vba', 'vb6']);

    project.add(path.basename(file), edit(path.basename(file), read(file)));
    return project;
}
