"""Medians of alternated pairs, and how far the pairs lie apart.

A pair is a sample of the baseline and one of the server, taken one after the other: what the machine does meanwhile
meets both. The spread is what the middle four fifths of the pairs cover.
"""
from collections import namedtuple
from statistics import median

Spread = namedtuple('Spread', 'median low high pairs')


def spread_of(values):
    """The median of the values, and the range without the lowest and the highest tenth of them."""
    ordered = sorted(values)
    cut = len(ordered) // 10
    return Spread(median(ordered), ordered[cut], ordered[-1 - cut], len(ordered))


def rates(lines, pipe):
    """Messages a second in each round with a pipe, from the client's lines."""
    return {line['round']: line['messages'] / line['seconds']
            for line in lines if line['pipe'] == pipe and 'seconds' in line}


def ratios(lines):
    """For each round: how many messages a second pipe 1 had for each of pipe 0, the baseline."""
    base, other = rates(lines, 0), rates(lines, 1)
    return [other[number] / base[number] for number in sorted(base.keys() & other.keys())]


def agree(one, other):
    """Whether two runs agree about a ratio: the median of one of them lies within the spread of the other."""
    return other.low <= one.median <= other.high or one.low <= other.median <= one.high
