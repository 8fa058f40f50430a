"""On what was measured: without that the figures say little."""
import os
import re
import subprocess
import time

BUSY = 1.5    # the load from which on somebody else is at work


def line_of(*command):
    """The first line that a command prints; empty where it cannot be run."""
    try:
        said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout
    except OSError:
        return ''
    return said.decode('utf-8', 'replace').partition('\n')[0].strip()


def processor():
    try:
        with open('/proc/cpuinfo', encoding='utf-8') as file:
            return re.search(r'^model name\s*: (.+)$', file.read(), re.M)[1]
    except (OSError, TypeError):
        return os.environ.get('PROCESSOR_IDENTIFIER', 'unknown')


def load():
    """How many programs wanted to run in the last minute; of ours, at most about one. None on Windows."""
    return round(os.getloadavg()[0], 1) if hasattr(os, 'getloadavg') else None


def about(root, bitness, quick):
    """What is known before it begins; `load_after` and `seconds` are added at the end."""
    return {'day': time.strftime('%Y-%m-%d'), 'commit': line_of('git', '-C', root, 'rev-parse', '--short', 'HEAD'),
            'system': line_of('wineserver', '--version') or os.name,
            'processor': processor(), 'cores': os.cpu_count(), 'bitness': bitness, 'quick': quick,
            'load_before': load()}


def sentence(known):
    """The same for people."""
    option = ' --quick' if known['quick'] else ''
    text = (f'Measured on {known["day"]} at commit {known["commit"]} by `scripts/bench{option}`, {known["bitness"]}: '
            f'{known["system"]}, {known["processor"]}, {known["cores"]} cores.')
    if known['load_before'] is None:
        return text + '\n'
    text += f' Load before and after: {known["load_before"]} and {known["load_after"]}.'
    if known['load_before'] >= BUSY or known['load_after'] >= BUSY + 1:
        text += ' **Others used the machine meanwhile**: times and ratios say little then; counts and memory hold.'
    return text + '\n'
