// basic_test.mjs SUITE PACKAGES CHECKOUT DUMP_COMMAND...: holds our Basic against the type library.
//
//   samples     samples_vb6/: each file is in the grammar of VB6 (or VBA); each handler, call and property fits
//   documents   the same for the blocks of VB in README.md and docs/; members in those of FoxPro, AutoHotkey, AutoIt
//   reference   reference_handlers.cls: handlers as users of WinNamedPipesLib wrote them fit unchanged
//   mistakes    changed copies of the samples: each mistake is found
//
// DUMP_COMMAND prints the type library (tests/tools/typelib_dump.c). Ends with 1 and a line for each complaint; with 77
// where the grammars could not be installed (packages.mjs).

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { areInstalled, skip } from './packages.mjs';
import { Grammar } from './grammar.mjs';
import { Library } from './library.mjs';
import { MISTAKES } from './mistakes.mjs';
import { checkHandlers, checkSink, isSinkMethod } from './handlers.mjs';
import { checkOtherBlocks, checkProjects } from './projects.mjs';
import { documentProjects, fixtureProject, sampleProjects } from './sources.mjs';
import { UseChecker } from './uses.mjs';

function checkProject(library, project) {
    const complaints = [...project.complaints];
    const sinks = new Set();

    for (const module of project.modules) {
        const uses = new UseChecker(library, module, project);

        complaints.push(...checkHandlers(library, module, project.granted), ...uses.check());
        uses.sinks.forEach(sink => sinks.add(sink));
        if (project.isDocument && module.procedures.some(procedure => isSinkMethod(library, procedure)))
            sinks.add(module);
    }
    for (const sink of sinks)
        complaints.push(...checkSink(library, sink));
    return complaints;
}

const countProcedures = projects => projects.flatMap(project => project.modules)
    .flatMap(module => module.procedures).length;

function checkProjectsOf(library, projects) {
    if (!countProcedures(projects))
        return ['nothing to check was found'];
    console.log(`${projects.length} projects, ${countProcedures(projects)} procedures`);
    return projects.flatMap(project => checkProject(library, project));
}

const documentsOf = checkout => [path.join(checkout, 'README.md'),
    ...fs.readdirSync(path.join(checkout, 'docs')).filter(name => name.endsWith('.md'))
        .map(name => path.join(checkout, 'docs', name))];

function samples(library, grammar, checkout) {
    const folder = path.join(checkout, 'samples_vb6');

    return [...checkProjectsOf(library, sampleProjects(grammar, folder)), ...checkProjects(library, folder)];
}

function documents(library, grammar, checkout) {
    return [...checkProjectsOf(library, documentProjects(grammar, documentsOf(checkout))),
        ...documentsOf(checkout).flatMap(document => [...checkOtherBlocks(library, document)])];
}

const fixtureOf = checkout => path.join(checkout, 'tests', 'basic', 'reference_handlers.cls');

function reference(library, grammar, checkout) {
    return checkProjectsOf(library, [fixtureProject(grammar, fixtureOf(checkout))]);
}

// The complaints about what a folder of samples, or the fixture, becomes by one mistake.
function complaintsAbout(library, grammar, checkout, mistake) {
    let applied = 0;
    const edit = (where, text) => {
        if (where !== mistake.file || !text.includes(mistake.find))
            return text;
        applied++;
        return text.replace(mistake.find, () => mistake.put);
    };
    const folder = path.dirname(mistake.file);
    const projects = folder === '.' ? [fixtureProject(grammar, fixtureOf(checkout), edit)]
        : sampleProjects(grammar, path.join(checkout, 'samples_vb6'), name => name === folder, edit);

    if (applied !== 1)
        return { notApplied: true };
    return { complaints: projects.flatMap(project => checkProject(library, project)) };
}

function mistakes(library, grammar, checkout) {
    const failures = [];

    for (const mistake of MISTAKES) {
        const { notApplied, complaints } = complaintsAbout(library, grammar, checkout, mistake);

        if (notApplied)
            failures.push(`${mistake.file} has no ${JSON.stringify(mistake.find)}`);
        else if (!complaints.some(complaint => complaint.startsWith(mistake.file) && mistake.complaint.test(complaint)))
            failures.push(`${mistake.file} with ${JSON.stringify(mistake.put)}: expected ${mistake.complaint}, got ` +
                JSON.stringify(complaints));
    }
    console.log(`${MISTAKES.length} mistakes`);
    return failures;
}

function main() {
    const [suite, packages, checkout, ...command] = process.argv.slice(2);

    if (!areInstalled(packages))
        skip('the Basic grammars are not installed; the test basic.packages says why');
    const library = new Library(execFileSync(command[0], command.slice(1), { encoding: 'utf8' }));
    const complaints = { samples, documents, reference, mistakes }[suite](library, new Grammar(packages), checkout);
    for (const complaint of complaints)
        console.log(complaint);
    process.exitCode = complaints.length ? 1 : 0;
}

main();
