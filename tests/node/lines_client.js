// node lines_client.js NAME: sends lines to the echo server of the pipe and reads them back with readline.
// Ends with 0, or with 1 and what was wrong.
'use strict';

const net = require('net');
const readline = require('readline');

const path = '\\\\.\\pipe\\' + process.argv[2];
const sizes = [1, 65535, 65536, 65537, 1 << 20, 3, 1, 70000];
const end = Date.now() + 20000;

function fail(error) {
    console.log(error);
    process.exit(1);
}

function connect() {
    const socket = net.connect(path, () => talk(socket));
    socket.once('error', (error) => (Date.now() < end ? setTimeout(connect, 50) : fail(error)));
}

function talk(socket) {
    const sent = sizes.map((size, i) => String.fromCharCode(97 + i).repeat(size));
    let came = 0;

    readline.createInterface({ input: socket, crlfDelay: Infinity }).on('line', (line) => {
        if (line !== sent[came]) fail(new Error(`line ${came} came back as ${line.length} characters, or other ones`));
        if (++came < sent.length) return;
        console.log('all lines came back as sent');
        socket.end();
    });
    for (const line of sent.slice(0, 4)) socket.write(line + '\r\n'); // whole lines, then any pieces
    const rest = sent.slice(4).join('\n') + '\n';
    for (let at = 0; at < rest.length; at += 10007) socket.write(rest.slice(at, at + 10007));
}

connect();
