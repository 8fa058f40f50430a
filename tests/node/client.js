// node client.js NAME: asks the echo server of the pipe for bytes back and compares them.
// Ends with 0, or with 1 and what was wrong.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const net = require('net');

const path = '\\\\.\\pipe\\' + process.argv[2];
const sizes = [1, 63, 64, 65, 4095, 4096, 4097, 65535, 65536, 65537, 131071, 131072, 131073, 1 << 20, 20 << 20, 2];

function connect() {
    return new Promise((resolve, reject) => {
        const end = Date.now() + 20000;
        const attempt = () => {
            const socket = net.connect(path, () => resolve(socket));
            socket.once('error', (error) => (Date.now() < end ? setTimeout(attempt, 50) : reject(error)));
        };
        attempt();
    });
}

// Node reads a pipe as a stream of bytes: so many of them.
function receive(socket, size) {
    return new Promise((resolve, reject) => {
        const parts = [];
        let count = 0;
        const onData = (part) => {
            parts.push(part);
            count += part.length;
            if (count < size) return;
            socket.off('data', onData);
            socket.off('close', onClose);
            resolve(Buffer.concat(parts));
        };
        const onClose = () => reject(new Error(`the server closed after ${count} of ${size} bytes`));
        socket.on('data', onData);
        socket.once('close', onClose);
    });
}

function compare(answer, sent) {
    if (!answer.equals(sent))
        throw new Error(`${sent.length} bytes came back as ${answer.length} bytes, or other ones`);
}

async function oneByOne(socket, most) {
    for (const size of sizes.filter((size) => size <= most)) {
        const sent = crypto.randomBytes(size);
        const answer = receive(socket, size);
        socket.write(sent);
        compare(await answer, sent);
    }
}

async function manyUnderWay(socket) {
    const sent = Array.from({ length: 200 }, (_, i) => crypto.randomBytes(sizes[i % 13]));
    const answer = receive(socket, sent.reduce((sum, one) => sum + one.length, 0));
    for (const one of sent) socket.write(one);
    compare(await answer, Buffer.concat(sent));
}

// The pipe as a file, with synchronous calls.
function asFile() {
    const file = fs.openSync(path, 'r+');
    const sent = crypto.randomBytes(5000);
    const answer = Buffer.alloc(6000);
    if (fs.writeSync(file, sent) !== sent.length) throw new Error('fs.writeSync wrote less');
    const count = fs.readSync(file, answer, 0, answer.length, null);
    compare(answer.subarray(0, count), sent);
    fs.closeSync(file);
}

async function main() {
    const began = Date.now();
    const first = await connect(); // the server ends when the last one leaves
    await oneByOne(first, Infinity);
    await manyUnderWay(first);
    await Promise.all(Array.from({ length: 8 }, async () => {
        const socket = await connect();
        await oneByOne(socket, 1 << 17);
        socket.end();
    }));
    asFile();
    first.end();
    console.log(`node ${process.version} ${process.arch}: all came back as sent (${(Date.now() - began) / 1000} s)`);
}

main().catch((error) => {
    console.log(error);
    process.exit(1);
});
