"""Measures all servers, and gathers what came of it.

The results, as JSON keeps them: `ratios` has for each server and work the messages a second in each pair, for each of
the baseline's; `rates` the server's own messages a second, the median; `latency` and `cpu_us` those of the work LOADED;
`calls` the kernel calls per message; `memory` the bytes of an idle connection; `asking` the ratios of Calls.
"""
import os
from statistics import median

import calls
import spread
import works
from sitting import Sitting

ROLES = ('echo', 'sink', 'source', 'broadcast')
COUNTED_MESSAGES = 512    # a multiple of 64 clients


class Measuring:
    """plan: an object with `works`, `counted`, `crowd`, `sittings`, `rounds`, `milliseconds`."""

    def __init__(self, machine, programs, servers, plan, say):
        self.machine = machine
        self.client, self.caller, self.dll = programs
        self.servers = servers
        self.by_name = {server.name: server for server in servers}
        self.plan = plan
        self.say = say
        self.results = {key: {} for key in ('ratios', 'rates', 'latency', 'cpu_us', 'calls', 'memory', 'asking')}

    def all(self):
        """Does it all. Returns the results."""
        self.machine.open()
        for number in range(1, self.plan.sittings + 1):
            for server in self.servers:
                self.say(f'sitting {number} of {self.plan.sittings}: {server.label}')
                self.compare(server)
            self.ask()
        self.weigh()
        if self.machine.can_count:
            self.count()
        self.machine.close()
        return self.results

    def compare(self, server):
        """All works of a server, in turn with its baseline."""
        base = self.by_name[server.base]
        for role in ROLES:
            chosen = [work for work in self.plan.works if work.role == role]
            if not chosen or role not in server.roles:
                continue
            with Sitting(self.machine, self.client, [base, server], chosen[0]) as sitting:
                for work in chosen:
                    lines = sitting.measure(work, self.plan.milliseconds, self.plan.rounds)
                    self.keep(server, work, lines)

    def keep(self, server, work, lines):
        self.results['ratios'].setdefault(server.name, {}).setdefault(work.name, []).extend(spread.ratios(lines))
        rates = self.results['rates'].setdefault(server.name, {}).setdefault(work.name, [])
        rates.extend(spread.rates(lines, 1).values())
        if work.name != works.LOADED:
            return
        for line in lines:
            if line['pipe'] == 1 and 'median_us' in line:
                self.results['latency'].setdefault(server.name, []).append(
                    [line['median_us'], line['p99_us'], line['p999_us']])
            if line['pipe'] == 1 and 'cpu_us' in line:
                self.results['cpu_us'].setdefault(server.name, []).append(line['cpu_us'])

    def ask(self):
        """Calls of the library's clients against its free-threaded server."""
        self.say('Calls')
        with Sitting(self.machine, self.client, [self.by_name['free']], self.plan.works[0]) as sitting:
            for kind in ('call', 'connection'):
                command = [self.caller, kind, self.dll, '64', f'{self.plan.milliseconds}ms', str(self.plan.rounds),
                           sitting.pipes[0]]
                self.results['asking'].setdefault(kind, []).extend(
                    spread.ratios([*sitting.lines_of(command)]))

    def weigh(self):
        """Memory per idle connection: of a server that has just started, with clients of another process."""
        for server in self.servers:
            self.say(f'memory: {server.label}')
            with Sitting(self.machine, self.client, [server], works.CROWD) as sitting:
                lines = sitting.do('crowd', works.CROWD.size, self.plan.crowd, '1', 1)
                self.results['memory'][server.name] = lines[0]['bytes']

    def count(self):
        """Kernel calls per message, in a Wine whose server writes each request down."""
        trace = self.machine.log('requests.log')
        self.machine.open(trace)
        for server in self.servers:
            self.say(f'kernel calls: {server.label}')
            with Sitting(self.machine, self.client, [server], self.plan.counted[0]) as sitting:
                for work in self.plan.counted:
                    self.results['calls'].setdefault(server.name, {})[column_of(work)] = self.calls_of(
                        sitting, work, trace)
        self.machine.close()
        os.remove(trace)

    def calls_of(self, sitting, work, trace):
        sizes = [os.path.getsize(trace)]
        for times in (1, 1, 2):    # the first time for what is done once
            sitting.do(work.work, work.size, work.clients, str(times * COUNTED_MESSAGES), 1)
            sizes.append(os.path.getsize(trace))
        with open(trace, encoding='utf-8', errors='replace') as file:
            threads = calls.threads_of(file, sitting.processes[0].pid)
        once, twice = (calls.requests_of(part(trace, *sizes[i:i + 2]), threads) for i in (1, 2))
        return calls.calls_per_message(once, twice, COUNTED_MESSAGES)


def column_of(work):
    """Under which name the kernel calls of a work are kept."""
    return 'cycle' if work is works.CYCLES else f'x{work.clients}'


def part(path, begin, end):
    """The lines of a file from one byte to another."""
    with open(path, 'rb') as file:
        file.seek(begin)
        return file.read(end - begin).decode('utf-8', 'replace').splitlines()


def summary(results):
    """The results as medians and spreads: what tables, plots and comparisons are made of."""
    made = {name: {work: spread.spread_of(values) for work, values in of_server.items()}
            for name, of_server in results['ratios'].items()}
    made['asking'] = {kind: spread.spread_of(values) for kind, values in results['asking'].items()}
    return made


def middle(values):
    """The median of numbers, or of each place of lists of numbers."""
    return [median(place) for place in zip(*values)] if isinstance(values[0], list) else median(values)
