"""bench/driver CHECKOUT [--quick] [--bitness x64|x86] [--docs] [--from FILE] [--compare ONE TWO] [--only NAME...]

What scripts/bench runs once all is built: measures, prints the tables, and leaves build/bench/results.json, results.md
and the plots. --docs also puts them into docs/PERFORMANCE.md and docs/performance. --from takes the results of an
earlier run instead of measuring. --compare looks at the results of
two runs instead, and ends with 1 where neither median of a ratio lies within the other's spread.
"""
import argparse
import json
import os
import shutil
import sys
import time
from types import SimpleNamespace

import about
import documents
import machine
import measuring
import plots
import servers as known
import spread
import table
import works

LEFT_OUT = {'node': 'npm', 'dotnet': 'dotnet (the SDK of .NET 10)', 'powershell': 'dotnet (the SDK of .NET 10)',
            'asio': "Boost's headers"}


def arguments():
    parser = argparse.ArgumentParser(prog='scripts/bench')
    parser.add_argument('checkout')
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--bitness', choices=('x64', 'x86'), default='x64')
    parser.add_argument('--docs', action='store_true')
    parser.add_argument('--from', dest='earlier', metavar='FILE')
    parser.add_argument('--compare', nargs=2, metavar=('ONE', 'TWO'))
    parser.add_argument('--only', nargs='+', metavar='NAME')
    return parser.parse_args()


def plan_of(quick):
    if quick:
        counted = [work for work in works.COUNTED if work in works.QUICK]
        return SimpleNamespace(works=works.QUICK, counted=counted, crowd=200, sittings=1, rounds=5, milliseconds=60)
    return SimpleNamespace(works=works.WHOLE, counted=works.COUNTED, crowd=1000, sittings=2, rounds=8,
                           milliseconds=120)


def say(text):
    print(time.strftime('%H:%M:%S ') + text, file=sys.stderr, flush=True)


def chosen(root, bitness, here, only):
    """The servers that are there, and the baselines always."""
    made = []
    for server in known.servers(root, bitness, here.path):
        if only and server.name not in (*only, *known.BASELINES, 'free'):
            continue
        if known.there(server):
            made.append(server)
        else:
            say(f'left out: {server.label}: {server.needs} is missing; it needs {LEFT_OUT.get(server.name, "a build")}')
    return made


def compare(one, two):
    """Prints what two runs do not agree about. Returns the exit code."""
    first, second = (measuring.summary(json.loads(machine.read(path))) for path in (one, two))
    pairs = [(name, work) for name in first for work in first[name] if work in second.get(name, {})]
    apart = [(name, work) for name, work in pairs if not spread.agree(first[name][work], second[name][work])]
    for name, work in apart:
        print(f'{name}, {work}: {table.cell(first[name][work])} and {table.cell(second[name][work])}')
    print(f'{len(pairs) - len(apart)} of {len(pairs)} ratios agree')
    return 1 if apart or not pairs else 0


def show(root, folder, results, all_servers, into_documents):
    """Prints the tables, and writes them with JSON and plots into the folder."""
    sections = {'about': about.sentence(results['about']), **table.sections(results, all_servers)}
    text = '\n'.join(f'{name}\n\n{made}' for name, made in sections.items())
    print(text)
    with open(os.path.join(folder, 'results.md'), 'w', encoding='utf-8') as file:
        file.write(text)
    plots.draw(results, all_servers, folder)
    if not into_documents:
        return
    document, pictures = os.path.join(root, 'docs/PERFORMANCE.md'), os.path.join(root, 'docs/performance')
    before = machine.read(document)
    with open(document, 'w', encoding='utf-8') as file:
        file.write(documents.with_tables(before, sections))
    os.makedirs(pictures, exist_ok=True)
    for name in ('ratios', 'calls', 'memory'):
        for kind in ('svg', 'png'):
            if os.path.exists(made := os.path.join(folder, f'{name}.{kind}')):
                shutil.copy(made, pictures)


def measure(root, folder, options):
    """Measures, and keeps the results. Returns them with the servers that were measured."""
    core = os.cpu_count() - 1
    logs = os.path.join(folder, 'logs')
    here = machine.Windows(logs, core) if os.name == 'nt' else machine.Wine(root, logs, core)
    build = os.path.join(root, 'build', options.bitness)
    programs = [os.path.join(build, 'bench', f'bench_{name}.exe') for name in ('client', 'caller')]
    all_servers = chosen(root, options.bitness, here, options.only)
    began, known_before = time.time(), about.about(root, options.bitness, options.quick)
    try:
        results = measuring.Measuring(here, [*programs, here.path(os.path.join(build, 'NamedPipeServer.dll'))],
                                      all_servers, plan_of(options.quick), say).all()
    finally:
        here.close()
    results['about'] = {**known_before, 'load_after': about.load(), 'seconds': round(time.time() - began)}
    with open(os.path.join(folder, 'results.json'), 'w', encoding='utf-8') as file:
        json.dump(results, file, indent=1)
    return results, all_servers


def main():
    options = arguments()
    if options.compare:
        return compare(*options.compare)
    root = os.path.abspath(options.checkout)
    folder = os.path.join(root, 'build', 'bench')
    if options.earlier:
        results = json.loads(machine.read(options.earlier))
        measured = [server for server in known.servers(root, results['about']['bitness'], str)
                    if server.name in results['ratios']]
    else:
        try:
            results, measured = measure(root, folder, options)
        except RuntimeError as failure:
            print(failure, file=sys.stderr)
            return 1
    show(root, folder, results, measured, options.docs)
    say(f'measured in {results["about"]["seconds"]} s; build/bench has results.json, results.md and the plots')
    return 0


sys.exit(main())
