#!/usr/bin/env python3
"""json_test.py SUFFIX PIPE CLIENT RUN COMMAND...: what pipe.exe prints with --json, read by Python's reader of JSON.

SUFFIX makes the names of pipes; PIPE, CLIENT and RUN are the paths of pipe.exe, pipe_client.exe (a client by Windows'
own calls) and run.exe; COMMAND runs a program for Windows. Each line must be one object with the members that
docs/PIPE.md names. Ends with 1 and a line for each that does not hold."""
import base64
import json
import subprocess
import sys

SUFFIX, PIPE, CLIENT, RUN, *COMMAND = sys.argv[1:]
PATIENCE = 60
complaints = []


def expect(what, found, wanted):
    if found != wanted:
        complaints.append(f'{what} is {found!r} and should be {wanted!r}')


def begin(*words):
    return subprocess.Popen([*COMMAND, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def end(process, text=''):
    """Its exit code, and the objects that it wrote."""
    out, err = process.communicate(text.encode(), timeout=PATIENCE)
    return process.returncode, objects(out.decode('utf-8')), err.decode('utf-8')


def objects(out):
    """Each line as JSON. A key that comes twice is a complaint."""

    def members(pairs):
        expect(f'the number of keys of {pairs}', len(dict(pairs)), len(pairs))
        return dict(pairs)

    return [json.loads(line, object_pairs_hook=members) for line in out.splitlines()]


def when_served(name, *words, text=''):
    """Runs pipe.exe once somebody serves this pipe."""
    return end(begin(RUN, f'-served={name}', PIPE, *words), text)


def check_listen():
    name = f'json-listen-{SUFFIX}'
    listener = begin(PIPE, 'listen', name, '--json', '--once', '--reply', 'schön "zitiert"')
    client = subprocess.run([*COMMAND, CLIENT, name, 'ask', 'a\\b "c"'], capture_output=True, check=False)
    code, told, _ = end(listener)
    expect('the end of the client', client.returncode, 0)
    expect('the end of listen', code, 0)
    expect('the events', [o['event'] for o in told],
           ['listening', 'connected', 'message', 'message', 'disconnected', 'summary'])
    listening, connected, message, reply, left, summary = told
    expect('the pipe', listening['pipe'], name)
    expect('what is told of a client', sorted(connected),
           ['client', 'computer', 'event', 'process', 'session', 'time', 'user'])
    expect('that it has a process', connected['process'] > 0, True)
    expect('the message', (message['client'], message['from'], message['text']), (1, 'client', 'a\\b "c"'))
    expect('its bytes', message['bytes'], 7)
    expect('the reply', (reply['from'], reply['text']), ('server', 'schön "zitiert"'))
    expect('why it left', left['why'], 'the client left')
    expect('the summary', (summary['clients'], summary['received'], summary['sent']), (1, 1, 1))


def check_call():
    name = f'json-call-{SUFFIX}'
    encoded = base64.b64encode(b'\x00\xff\x1b').decode()
    for options, key, value in (([], 'base64', encoded), (['--dump'], 'hex', '00ff1b')):
        listener = begin(PIPE, 'listen', name, '--once', '--json', '--reply', '00 ff 1b', '--hex')
        code, told, err = when_served(name, 'call', name, 'x', '--json', *options)
        expect(f'the end of call ({err})', code, 0)
        expect('the answer', told, [{'bytes': 3, key: value}])
        expect('the message in digits', [o.get('hex') for o in end(listener)[1] if o['event'] == 'message'],
               ['78', '00ff1b'])


def check_talk_and_proxy():
    name, middle = f'json-talk-{SUFFIX}', f'json-proxy-{SUFFIX}'
    listener = begin(PIPE, 'listen', name, '--once', '--json', '--echo')
    proxy = begin(RUN, f'-served={name}', PIPE, 'proxy', middle, name, '--once', '--json')
    code, told, err = when_served(middle, 'talk', middle, '--json', '--wait', '1500', text='eins\nzwei ü\n')
    expect(f'the end of talk ({err})', code, 0)
    expect('what talk tells', told, [{'event': 'message', 'bytes': 4, 'text': 'eins'},
                                     {'event': 'message', 'bytes': 7, 'text': 'zwei ü'}])
    code, told, _ = end(proxy)
    messages = [o for o in told if o['event'] == 'message']
    expect('the end of proxy', code, 0)
    expect('what goes to the server', [o['text'] for o in messages if o['from'] == 'client'], ['eins', 'zwei ü'])
    expect('what goes to the client', [o['text'] for o in messages if o['from'] == 'server'], ['eins', 'zwei ü'])
    expect('the end of listen', end(listener)[0], 0)


def check_load():
    name = f'json-load-{SUFFIX}'
    listener = begin(PIPE, 'listen', name, '--once', '--json', '--echo')
    code, told, err = when_served(name, 'load', name, '--clients', '1', '--messages', '20', '--size', '10', '--json')
    expect(f'the end of load ({err})', code, 0)
    expect('the number of objects', len(told), 1)
    result = told[0]
    keys = ('clients', 'connected', 'messages', 'wanted', 'size', 'errors', 'stopped')
    expect('the counts', [result[key] for key in keys], [1, 1, 20, 20, 10, 0, False])
    times = [result['latency_ms'][key] for key in ('min', 'p50', 'p90', 'p99', 'p99_9', 'max')]
    expect('the order of the times', times, sorted(times))
    expect('that times were measured', times[0] > 0 and result['seconds'] > 0 and result['per_second'] > 0, True)
    expect('the end of listen', end(listener)[0], 0)


def check_failures():
    code, told, err = end(begin(PIPE, 'call', f'json-none-{SUFFIX}', 'x', '--json'))
    expect('the end without a server', (code, told), (1, []))
    expect('its sentence', err,
           f'pipe: There is no such pipe: json-none-{SUFFIX}; start its server first, or check the name.\r\n')
    code, told, err = end(begin(PIPE, 'load', f'json-none-{SUFFIX}', '--clients', '2', '--json'))
    expect('the end of load without a server', (code, told[0]['errors'], told[0]['latency_ms']), (1, 1, None))
    expect('its first error', 'There is no such pipe' in told[0]['first_error'], True)


def main():
    for check in (check_listen, check_call, check_talk_and_proxy, check_load, check_failures):
        check()
    print('\n'.join(complaints) or 'all of it is JSON, and says what it should')
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main()
