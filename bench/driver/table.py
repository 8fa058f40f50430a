"""The results as Markdown."""
from statistics import median

import measuring
import works
from goals import GOALS, goal


def cell(spread):
    return f'{spread.median:.2f} ({spread.low:.2f} to {spread.high:.2f})' if spread else ''


def table(head, rows):
    lines = [head, ['---'] * len(head), *rows]
    return '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines) + '\n'


def ratios(results, servers):
    """A row for each work, a column for each server."""
    spreads = measuring.summary(results)
    measured = [work for work in works.WHOLE
                if any(work.name in spreads.get(server.name, {}) for server in servers)]
    return table(['work', *(server.label for server in servers)],
                 [[work.label, *(cell(spreads.get(server.name, {}).get(work.name)) for server in servers)]
                  for work in measured])


def rates(results, servers):
    """Messages a second, the medians."""
    measured = [work for work in works.WHOLE if work.name in results['rates'].get('raw', {})]
    rows = []
    for work in measured:
        numbers = [results['rates'].get(server.name, {}).get(work.name) for server in servers]
        rows.append([work.label, *(f'{median(values):,.0f}' if values else '' for values in numbers)])
    return table(['work', *(server.label for server in servers)], rows)


def kernel_calls(results, servers):
    columns = [column for column in ('x1', 'x8', 'x64', 'cycle')
               if any(column in found for found in results['calls'].values())]
    return table(['server', *columns],
                 [[server.label, *(f'{results["calls"][server.name][column]:.1f}' for column in columns)]
                  for server in servers if server.name in results['calls']])


def latencies(results, servers):
    rows = []
    for server in servers:
        if server.name in results['latency']:
            times = measuring.middle(results['latency'][server.name])
            rows.append([server.label, *(f'{time:,.0f}' for time in times),
                         f'{median(results["cpu_us"][server.name]):.0f}'])
    return table(['server', 'median', '99 %', '99.9 %', 'processor time'], rows)


def memory(results, servers):
    return table(['server', 'KiB per idle connection'],
                 [[server.label, f'{results["memory"][server.name] / 1024:,.1f}']
                  for server in servers if server.name in results['memory']])


def asking(results):
    spreads = measuring.summary(results)['asking']
    labels = {'call': 'Call of a manager, to CallNamedPipe',
              'connection': 'Call of a connection, to WriteFile and ReadFile'}
    return table(['call', 'ratio'], [[labels[kind], cell(spread)] for kind, spread in spreads.items()])


def measured_value(results, server, what):
    """The number that a goal is about; None where it was not measured."""
    if what.startswith('calls_'):
        return results['calls'].get(server, {}).get(what[6:])
    if what == 'memory':
        return results['memory'][server] / 1024 if server in results['memory'] else None
    values = results['ratios'].get(server, {}).get(what)
    return median(values) if values else None


def is_reached(what, wanted, found):
    """Ratios are to be at least the goal, calls and memory at most; to the digits in which the goal is given."""
    if what.startswith('calls_'):
        return round(found, 1) <= wanted
    if what == 'memory':
        return round(found) <= wanted
    return round(found, 2) >= wanted


def goals(results, servers):
    labels = {work.name: work.label for work in works.WHOLE}
    labels.update(calls_x1='kernel calls x1', calls_x8='kernel calls x8', memory='KiB per idle connection')
    rows = []
    for server in servers:
        for what in GOALS.get(server.name, {}):
            wanted, found = goal(server.name, what), measured_value(results, server.name, what)
            if found is not None:
                rows.append([server.label, labels[what], f'{wanted:g}', f'{found:.2f}',
                             'yes' if is_reached(what, wanted, found) else 'no'])
    return table(['mode', 'what', 'to reach', 'measured', 'reached'], rows)


def sections(results, servers):
    """Name and text of each table, as the documents show them."""
    library = [server for server in servers if server.group == 'library']
    peers = [server for server in servers if server.group == 'peers']
    bases = [server for server in servers if server.group == 'raw']
    made = {'library': ratios(results, library), 'peers': ratios(results, peers), 'bases': ratios(results, bases),
            'rates': rates(results, [server for server in servers if server.name in ('raw', 'raw_window', 'free',
                                                                                     'window', 'wait_mta')]),
            'calls': kernel_calls(results, servers), 'latency': latencies(results, servers),
            'memory': memory(results, servers), 'asking': asking(results), 'goals': goals(results, servers)}
    return {name: text for name, text in made.items() if text.count('\n') > 2}
