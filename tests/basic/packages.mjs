// packages.mjs FOLDER: installs what package.json names into FOLDER and compiles the grammars there. A minute or two;
// at once where that was done for this Node. Ends with 77, and a line that begins with "Skipped:", where it cannot be
// done. Two bitnesses that are tested side by side share FOLDER: the second waits for the first.

import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const FILES = ['package.json', 'package-lock.json', '.npmrc', 'binding.gyp', 'binding.cc'];
const SKIPPED = 77;
const LONGEST = 570000;    // ms

// What a finished folder was made from.
function fingerprint() {
    const hash = crypto.createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules}`);

    for (const file of FILES)
        hash.update(fs.readFileSync(path.join(HERE, file)));
    return hash.digest('hex');
}

export function areInstalled(folder) {
    const ready = path.join(folder, 'ready');

    return fs.existsSync(ready) && fs.readFileSync(ready, 'utf8') === fingerprint();
}

export function skip(reason) {
    console.log(`Skipped: ${reason}`);
    process.exit(SKIPPED);
}

// Node's own headers, where they were installed with it: npm need not fetch them.
function headers() {
    const folder = path.dirname(path.dirname(process.execPath));

    return fs.existsSync(path.join(folder, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: folder } : {};
}

function install(folder) {
    const log = path.join(folder, 'npm.log');

    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    for (const file of FILES)
        fs.copyFileSync(path.join(HERE, file), path.join(folder, file));
    const output = fs.openSync(log, 'w');
    const ended = spawnSync('npm', ['ci'], { cwd: folder, stdio: ['ignore', output, output], timeout: LONGEST,
        shell: process.platform === 'win32',
        env: { ...process.env, ...headers(), npm_config_update_notifier: 'false' } });

    fs.closeSync(output);
    if (ended.status !== 0)
        skip(`npm could not fetch or compile the Basic grammars; ${log} says why`);
    fs.writeFileSync(path.join(folder, 'ready'), fingerprint());
}

// One at a time; whoever was killed has left its lock behind, which counts no longer than an installation may take.
function lock(folder) {
    const mark = `${folder}.lock`;

    for (;;) {
        try {
            fs.mkdirSync(mark);
            process.on('exit', () => fs.rmSync(mark, { recursive: true, force: true }));
            return;
        } catch {
            const since = fs.statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();

            if (Date.now() - since > LONGEST)
                fs.rmSync(mark, { recursive: true, force: true });
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
        }
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !areInstalled(process.argv[2])) {
    lock(process.argv[2]);
    if (!areInstalled(process.argv[2]))
        install(process.argv[2]);
}
