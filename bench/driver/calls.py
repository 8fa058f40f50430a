"""Kernel calls per message, from the log of Wine's server.

Each system call of a program for Windows is a request to Wine's server, which writes a line for it under -d1:
`0024: read( async=...`. A line of its answer is `0024: read() = ...`.
"""
import re

FIRST = re.compile(r'^([0-9a-f]+): init_first_thread\( unix_pid=(\d+),')
MADE = re.compile(r'^([0-9a-f]+): new_thread\(\) = 0 \{ tid=([0-9a-f]+),')
REQUEST = re.compile(r'^([0-9a-f]+): \w+\( ')


def threads_of(lines, process):
    """The ids of all threads that the Unix process had so far: its first, and what they made."""
    threads = set()
    for line in lines:
        first = FIRST.match(line)
        if first and int(first[2]) == process:
            threads = {first[1]}    # an earlier process of that number has ended
        made = MADE.match(line)
        if made and made[1] in threads:
            threads.add(made[2])
    return threads


def requests_of(lines, threads):
    """How many requests these threads made."""
    return sum(1 for line in lines if (request := REQUEST.match(line)) and request[1] in threads)


def calls_per_message(once, twice, messages):
    """once: the requests while so many messages were echoed; twice: while twice as many were. What opening and closing
    cost falls out."""
    return (twice - once) / messages
