"""What the library is to reach: messages a second for each of the baseline's, or kernel calls, or KiB."""

GOALS = {
    'free': {'echo_64_x1': 1.05, 'echo_65536_x1': 1.0, 'echo_64_x8': 1.25, 'echo_64_x64': 1.25, 'cycles': 1.0,
             'calls_x1': 9.0, 'calls_x8': 6.0, 'memory': 4},
    'window': {'echo_64_x1': 1.1, 'echo_65536_x1': 1.0, 'echo_64_x8': 1.5, 'echo_64_x64': 1.5, 'cycles': 1.0,
               'calls_x1': 13.0, 'calls_x8': 9.0, 'memory': 4},
    'wait_sta': {'echo_64_x1': 1.2, 'echo_65536_x1': 1.0, 'echo_64_x8': 1.5, 'echo_64_x64': 1.5, 'cycles': 1.0,
                 'calls_x1': 11.0, 'calls_x8': 8.0, 'memory': 4},
}
GOALS['wait_mta'] = GOALS['wait_sta']


def goal(server, what):
    """None where there is none."""
    return GOALS.get(server, {}).get(what)
