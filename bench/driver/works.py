"""The works that are measured: what the client does (bench/client/work.h) and in which role the servers are."""
from collections import namedtuple

# limit: a number of messages, or None: as long as a sample lasts. The role's size and total follow from the work.
Work = namedtuple('Work', 'name label role work size clients limit')

KIB = 1024
FLOOD = 1000

ECHOES = [Work(f'echo_{size}_x{clients}', f'echo {label} x{clients}', 'echo', 'echo', size, clients, None)
          for size, label in ((64, '64 B'), (4 * KIB, '4 KiB'), (64 * KIB, '64 KiB')) for clients in (1, 8, 64)]
CYCLES = Work('cycles', 'connect cycle', 'echo', 'cycles', 64, 1, None)
FLOOD_IN = Work('flood_in', 'flood in, 4 KiB', 'sink', 'flood_in', 4 * KIB, 1, FLOOD)
FLOOD_OUT = Work('flood_out', 'flood out, 4 KiB', 'source', 'flood_out', 4 * KIB, 1, FLOOD)
BROADCAST = Work('broadcast', 'broadcast 1 MiB x100', 'broadcast', 'broadcast', KIB * KIB, 100, 1)
CROWD = Work('memory', 'memory per idle connection', 'echo', 'crowd', 64, 1000, 1)

WHOLE = [*ECHOES, CYCLES, FLOOD_IN, FLOOD_OUT, BROADCAST]
QUICK = [work for work in WHOLE if work.name in ('echo_64_x1', 'echo_64_x8', 'echo_65536_x1', 'cycles')]
COUNTED = [*(work for work in ECHOES if work.size == 64), CYCLES]    # whose kernel calls are counted
LOADED = 'echo_64_x8'                                     # whose latencies and processor time are told


def role_arguments(work):
    """What a server of this work gets behind the name of its pipe."""
    return {'sink': ['sink', str(work.size), str(work.size * (work.limit or 0))],
            'source': ['source', str(work.size)],
            'broadcast': ['broadcast', str(work.size)]}.get(work.role, ['echo'])
