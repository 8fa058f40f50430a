// node node.js PIPE ROLE [SIZE [TOTAL]]: Node's net module, as its documentation serves a pipe. The roles are those of
// bench/servers/role.h.
'use strict';

const net = require('net');

const [name, role, size, total] = process.argv.slice(2);
const message = Buffer.alloc(Number(size || 131072));
for (let i = 0; i < message.length; i++)
    message[i] = i * 7 % 251;
const sockets = new Set();

const roles = {
    echo: (socket, data) => socket.write(data),
    wrong: (socket, data) => socket.write(message.subarray(0, data.length)),
    sink: (socket, data) => {
        socket.received = (socket.received || 0) + data.length;
        if (socket.received >= Number(total)) {
            socket.received -= Number(total);
            socket.write('done');
        }
    },
    source: (socket, data) => {
        for (let left = data.readUInt32LE(0); left > 0; left--)
            socket.write(message);
    },
    broadcast: (socket, data) => {
        if (data.readUInt32LE(0) === 0) {
            socket.write('done');
            return;
        }
        for (const one of sockets)
            one.write(message);
    },
};

net.createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (data) => roles[role](socket, data));
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // a client that leaves in the midst; close comes behind it
}).listen('\\\\.\\pipe\\' + name);
