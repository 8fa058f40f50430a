#!/usr/bin/env python3
"""version_test.py VERSION FILE...: each program or DLL has a VERSIONINFO of that version, in numbers and in words."""
import struct
import sys

SIGNATURE = struct.pack('<I', 0xFEEF04BD)    # VS_FIXEDFILEINFO's


def complaints(version, path):
    with open(path, 'rb') as file:
        data = file.read()
    at = data.find(SIGNATURE)
    if at < 0:
        yield f'{path} has no VERSIONINFO'
        return
    high, low, product_high, product_low = struct.unpack_from('<IIII', data, at + 8)
    for numbers in ((high, low), (product_high, product_low)):
        found = f'{numbers[0] >> 16}.{numbers[0] & 0xffff}.{numbers[1] >> 16}.{numbers[1] & 0xffff}'
        if found != f'{version}.0':
            yield f'{path} has the numbers {found}'
    for key in ('FileVersion', 'ProductVersion'):
        words = data[data.find(key.encode('utf-16-le'), at):]
        if not words[len(key) * 2:].lstrip(b'\0').startswith(version.encode('utf-16-le') + b'\0\0'):
            yield f'{path} has another {key}'


def main():
    lines = [line for path in sys.argv[2:] for line in complaints(sys.argv[1], path)]
    print('\n'.join(lines) or 'all have the version')
    sys.exit(1 if lines or len(sys.argv) < 3 else 0)


if __name__ == '__main__':
    main()
