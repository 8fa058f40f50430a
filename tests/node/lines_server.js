// node lines_server.js NAME: sends each line back, by net and readline, to one client at a time, three in all.
// Ends with 0 when the last has left, or with 1 and what was wrong.
'use strict';

const net = require('net');
const readline = require('readline');

let left = 0;

const server = net.createServer((socket) => {
    readline.createInterface({ input: socket, crlfDelay: Infinity }).on('line', (line) => socket.write(line + '\n'));
    socket.on('error', fail);
    socket.on('close', () => {
        if (++left < 3) return;
        server.close();
        clearTimeout(limit);
        console.log('The last client has left');
    });
});
const limit = setTimeout(() => fail(new Error('it took too long')), 120000);

function fail(error) {
    console.log(error);
    process.exit(1);
}

server.on('error', fail);
server.listen('\\\\.\\pipe\\' + process.argv[2]);
