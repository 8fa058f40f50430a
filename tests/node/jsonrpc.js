// node jsonrpc.js NAME LIBRARY server: answers the requests `echo` of one client, by vscode-jsonrpc.
// node jsonrpc.js NAME LIBRARY client: sends notifications to the echo server of the pipe, which come back.
// LIBRARY is the folder of vscode-jsonrpc. Ends with 0, or with 1 and what was wrong.
'use strict';

const net = require('net');

const path = '\\\\.\\pipe\\' + process.argv[2];
const rpc = require(process.argv[3]);
const sizes = [0, 1, 65535, 65536, 1 << 20, 5];
const end = Date.now() + 20000;
const limit = setTimeout(() => fail(new Error('it took too long')), 120000);

function fail(error) {
    console.log(error);
    process.exit(1);
}

function connection(socket) {
    const made = rpc.createMessageConnection(new rpc.StreamMessageReader(socket), new rpc.StreamMessageWriter(socket));
    made.onError(([error]) => fail(error));
    return made;
}

function serve() {
    const server = net.createServer((socket) => {
        const peer = connection(socket);

        server.close(); // no other client
        peer.onRequest('echo', (text) => text);
        peer.onClose(() => {
            clearTimeout(limit);
            console.log('The last client has left');
        });
        peer.listen();
    });
    server.on('error', fail);
    server.listen(path);
}

function talk(socket) {
    const peer = connection(socket);
    let came = 0;

    peer.onNotification('note', (text) => {
        if (text.length !== sizes[came]) fail(new Error(`note ${came} came back with ${text.length} characters`));
        if (++came < sizes.length) return;
        clearTimeout(limit);
        console.log('all notes came back as sent');
        socket.end();
    });
    peer.listen();
    for (const size of sizes) peer.sendNotification('note', '\u00fc'.repeat(size)).catch(fail);
}

function connect() {
    const socket = net.connect(path, () => talk(socket));
    socket.once('error', (error) => (Date.now() < end ? setTimeout(connect, 50) : fail(error)));
}

if (process.argv[4] === 'server') serve();
else connect();
