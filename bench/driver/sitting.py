"""Servers in a role, and the client that does works with them: one sitting.

A server process serves one sitting: what it has got used to is not carried over to the next.
"""
import itertools
import json
import os

import works

numbers = itertools.count(1)


class Sitting:
    """One server, or a server and its baseline, started anew; ended when the `with` block is left."""

    def __init__(self, machine, client, chosen, work):
        self.machine = machine
        self.client = client
        self.servers = chosen
        self.pipes = [f'bench-{os.getpid()}-{next(numbers)}' for _ in chosen]
        self.role = works.role_arguments(work)
        self.processes = []

    def __enter__(self):
        for server, pipe in zip(self.servers, self.pipes):
            self.processes.append(self.machine.start([*server.command, pipe, *self.role], f'{server.name}.log'))
        return self

    def __exit__(self, *failure):
        try:
            if failure[0] is None:
                self.do('end', 4, 1, '1', 1)
        finally:
            for process in self.processes:
                if failure[0] is not None:
                    process.kill()
                process.wait(30)

    def do(self, work, size, clients, limit, rounds):
        """Does a work of the client's. Returns its lines of JSON."""
        return self.lines_of([self.client, work, str(size), str(clients), limit, str(rounds), *self.pipes])

    def lines_of(self, command):
        """What a client prints, line by line of JSON. Raises where it failed, with what the servers said."""
        try:
            return [json.loads(line) for line in self.machine.run(command, 180).splitlines()]
        except RuntimeError as failure:
            said = [f'{server.name}: {read_end(self.machine.log(server.name + ".log"))}' for server in self.servers]
            raise RuntimeError('\n'.join([str(failure), *said])) from None

    def measure(self, work, milliseconds, rounds):
        limit = str(work.limit) if work.limit else f'{milliseconds}ms'
        return self.do(work.work, work.size, work.clients, limit, rounds)


def read_end(path):
    with open(path, encoding='utf-8', errors='replace') as file:
        return file.read()[-500:].strip()
