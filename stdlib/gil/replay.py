# SPDX-License-Identifier: MIT
"""Tokens: a controlled run in a few letters, to be repeated with --replay.

A token is `b`, then bytes in base 32 (digits and the letters a to v): the kind, two bytes that tell one program from another, and
numbers of seven bits a byte: the parameters of the kind, or the choices as (distance from the point before, thread).
"""
import _gil_steer as _c

DIGITS = "0123456789abcdefghijklmnopqrstuv"
EVERY, SEED, CHOICES, STEPS, RELEASES = 1, 2, 3, 4, 5       # RELEASES: CHOICES, with points before releases


class BadToken(ValueError):
    """A token that stands for no run, or for one of another program."""


def mark_of(program):
    """Two bytes that change when the program changes: a hash by Fowler, Noll and Vo, folded."""
    value = 0x811C9DC5
    for byte in program:
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return (value ^ value >> 16) & 0xFFFF


def _number(n):
    out = []
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return out + [n]


def told(token, flags):
    """How to have a run again, and what may differ then, for `flags` of its record."""
    beyond = []
    if flags & _c.RUN_PROCESS:
        beyond.append("what processes do beside each other")
    elif flags & _c.RUN_OUTSIDE:
        beyond.append("when something comes that it waits for from outside")
    if flags & _c.RUN_THREADS:
        beyond.append("the order of threads beyond the 64th")
    return f"the same run again: --replay {token}" + (f" (but for {' and '.join(beyond)}: that is not controlled)" if beyond else "")


def encode(kind, program, numbers=(), choices=()):
    data = [kind, *mark_of(program).to_bytes(2, "little")]
    for n in numbers:
        data += _number(n)
    at = 0
    for point, thread in choices:
        data += _number(point - at) + _number(thread)
        at = point
    bits = int.from_bytes(bytes(data), "big") | 1 << 8 * len(data)       # the leading 1 keeps zeros in front
    text = ""
    while bits:
        text = DIGITS[bits & 31] + text
        bits >>= 5
    return "b" + text


def _numbers(data):
    out, n, shift = [], 0, 0
    for byte in data:
        n |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            out.append(n)
            n = shift = 0
    if shift:
        raise BadToken
    return out


def decode(token, program):
    """(kind, numbers, choices) of the token."""
    bits = 0
    if not token.startswith("b") or not token[1:] or not all(digit in DIGITS for digit in token[1:]):
        raise BadToken(f"{token} is no token")
    for digit in token[1:]:
        bits = bits << 5 | DIGITS.index(digit)
    length = (bits.bit_length() - 1) // 8
    if bits.bit_length() != 8 * length + 1 or length < 3:
        raise BadToken(f"{token} is no token: letters are missing")
    data = (bits ^ 1 << 8 * length).to_bytes(length, "big")
    kind, mark = data[0], int.from_bytes(data[1:3], "little")
    try:
        numbers = _numbers(data[3:])
    except BadToken:
        raise BadToken(f"{token} is no token: letters are missing") from None
    if kind not in (EVERY, SEED, CHOICES, STEPS, RELEASES) or (kind in (EVERY, SEED) and len(numbers) != 1) or (kind in (CHOICES, STEPS, RELEASES) and len(numbers) % 2):
        raise BadToken(f"{token} is no token")
    if mark != mark_of(program):
        raise BadToken(f"{token} belongs to another program, or to another version of this one")
    if kind in (EVERY, SEED):
        return kind, numbers, []
    choices, at = [], 0
    for distance, thread in zip(numbers[::2], numbers[1::2]):
        at += distance
        choices.append((at, thread))
    return kind, [], choices
