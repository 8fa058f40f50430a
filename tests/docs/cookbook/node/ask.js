'use strict';

const path = '\\\\.\\pipe\\' + process.argv[2];
const end = Date.now() + 60000;
const said = [];

console.log = (text) => said.push(text);

function ask() {
//<< node_ask ScriptDaemon=PIPE
    socket.on('close', stop);
}

function stop() {
    const last = require('net').connect(path, () => last.write('{"command":"stop"}\n'));
    last.resume();
    last.on('close', () => {
        process.stdout.write(`said ${said}\n`);
        process.exitCode = said.length === 1 && said[0] === 5 ? 42 : 1;
    });
}

// Once the daemon is there.
function begin() {
    const first = require('net').connect(path, () => first.end(ask));
    first.on('error', (error) => {
        if (Date.now() > end) throw error;
        setTimeout(begin, 50);
    });
}

begin();
