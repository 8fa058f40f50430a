// What else a folder of samples holds: Visual Basic's project files, and FoxPro, for which there is no grammar.

import fs from 'node:fs';
import path from 'node:path';

import { read } from './sources.mjs';

function* checkProjectFile(library, folder, name) {
    const text = read(path.join(folder, name));
    const where = `${path.basename(folder)}/${name}`;
    const listed = new Set();

    for (const [, kind, title, file] of text.matchAll(/^(Form|Module|Class)=(?:(\w+); )?(.+)$/gm)) {
        const source = path.join(folder, file);

        listed.add(file);
        if (!fs.existsSync(source))
            yield `${where}: ${file} is not there`;
        else if (kind !== 'Form' && !read(source).includes(`\nAttribute VB_Name = "${title}"\n`) &&
            !read(source).startsWith(`Attribute VB_Name = "${title}"\n`))
            yield `${where}: ${file} is not named ${title}`;
    }
    for (const file of fs.readdirSync(folder))
        if (/\.(bas|cls|frm)$/.test(file) && !listed.has(file))
            yield `${where}: ${file} is missing`;
    if (!text.includes(`Reference=*\\G${library.guid}#${library.version}#0#NamedPipeServer.dll#`))
        yield `${where}: no reference to ${library.guid} ${library.version}`;
}

// In a language without a grammar a name says which object it stands for, with or without an o in front.
const NAMES = { server: 'namedpipeserver', manager: 'namedpipeclientmanager', event: 'namedpipeevent',
    connection: 'namedpipeserverconnection' };

function* checkMembers(library, where, text, firstLine = 1) {
    for (const [index, line] of text.split('\n').entries())
        for (const [, owner, member] of line.replace(/^\s*\*.*|&&.*|"[^"]*"/g, '').matchAll(/\b(\w+)\.(?=(\w+))/g)) {
            const entry = library.classes.get(NAMES[owner.toLowerCase().replace(/^o(?=server|manager|event)/, '')]);

            if (entry && !entry.members.has(member.toLowerCase()))
                yield `${where}:${index + firstLine}: ${entry.name} has no member ${member}`;
        }
}

// The blocks of a document in such languages.
export function* checkOtherBlocks(library, document) {
    const text = read(document);

    for (const found of text.matchAll(/^```(?:foxpro|autohotkey|autoit)\n(.*?)^```$/gms))
        yield* checkMembers(library, path.basename(document), found[1],
            text.slice(0, found.index).split('\n').length + 1);
}

// Each folder of VB6 has its project file; .bas and .cls for VBA are imported one by one,
// twinBASIC's project is no text.
export function* checkProjects(library, samples) {
    for (const entry of fs.readdirSync(samples, { withFileTypes: true })) {
        if (!entry.isDirectory())
            continue;
        const folder = path.join(samples, entry.name);
        const files = fs.readdirSync(folder);
        const projects = files.filter(file => file.endsWith('.vbp'));

        if (!projects.length && !['vba', 'twinbasic', 'foxpro'].includes(entry.name))
            yield `${entry.name}: no project file`;
        for (const file of projects)
            yield* checkProjectFile(library, folder, file);
        for (const file of files.filter(each => each.endsWith('.prg')))
            yield* checkMembers(library, `${entry.name}/${file}`, read(path.join(folder, file)));
    }
}
