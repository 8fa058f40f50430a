// node server.js NAME: an echo server for one client, by net.createServer.
// Ends with 0 when it has left, or with 1 and what was wrong.
'use strict';

const net = require('net');

const server = net.createServer((socket) => {
    server.close(); // no other client
    socket.pipe(socket);
    socket.on('error', fail);
    socket.on('close', () => {
        clearTimeout(limit);
        console.log('The last client has left');
    });
});
const limit = setTimeout(() => fail(new Error('it took too long')), 60000);

function fail(error) {
    console.log(error);
    process.exit(1);
}

server.on('error', fail);
server.listen('\\\\.\\pipe\\' + process.argv[2]);
