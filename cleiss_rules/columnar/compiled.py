"""The walk down the decision paths as compiled code: each feature is computed only where a row's path asks for it.

Needs numba (``pip install 'cleiss-rules[fast]'``); without it ``paths`` and ``features`` give the same numbers.
"""

from __future__ import annotations

import numba
import numpy as np

_UNKNOWN = -(2**30)
_NOWHERE = -1
#: what a feature is computed from: its operation, followed by up to three places
CODE, OF_PIECE, NUMBER_KNOWN, NUMBER_BESIDE, DAY_KNOWN, DAY_BESIDE, START_BESIDE = range(7)
LENGTH_KNOWN, LENGTH_WHOLE, LENGTH_ELAPSED, LENGTH_FROM_START, LENGTH_FROM_DAY, SHARE, OF_FIGURE = range(7, 14)


@numba.njit(cache=True, nogil=True, inline="always")
def _beside(value, mark):  # type: ignore[no-untyped-def]
    return 1 + (value >= mark) + (value > mark)


@numba.njit(cache=True, nogil=True, inline="always")
def _share(row, place, at, own, numbers, here, roles, marks):  # type: ignore[no-untyped-def]
    """The share that a State has, between the law's marks, if the activities lie as the roles say."""
    many = roles.shape[1]
    missing, known = 0, 0.0
    for activity in range(many):
        if here[activity, row]:
            value = numbers[own + activity, at]
            if np.isnan(value):
                missing += 1
            else:
                known += value
    inside, others = 0.0, 0.0
    for activity in range(many):
        role = roles[place, activity]
        if role == 0 or not here[activity, row]:
            continue
        value = numbers[own + activity, at]
        if np.isnan(value) and missing == 1:
            value = max(0.0, 100.0 - known)
        if role == 1:
            inside += value
        else:
            others += value
    whole = 100.0 - others
    if np.isnan(whole):
        return 0
    share = inside * 100.0 / whole if whole > 0 else 0.0
    if np.isnan(share):
        return 0
    found = 1
    for mark in marks:
        found += (share >= mark) + (share > mark)
    return found


@numba.njit(cache=True, nogil=True)
def walk(  # type: ignore[no-untyped-def]
    paths, program, rows, days, columns, lengths, shares, figures
):
    """The answer of each row; -1 where no path is known."""
    roots, feature, first, branches = paths
    operation, one, two, value = program
    at, start_at, fine = rows
    start, end = days
    codes, of_piece, numbers, stated = columns
    since, until, posted_from, last_first, last_days = lengths
    here, roles, marks = shares
    of_figure = figures
    count, nodes, features, places = len(start_at), len(feature), len(operation), len(branches)
    found = np.full(count, _NOWHERE, np.int32)
    for row in range(count):
        node = roots[start_at[row]]
        of_block = at[row]
        while node > _NOWHERE:
            # another thread may be learning: what is newer than what was handed in is not known here
            asked = feature[node] if node < nodes else features
            if asked >= features:
                node = _NOWHERE
                break
            op, a, b = operation[asked], one[asked], two[asked]
            code = 0
            if op == CODE:
                code = codes[a, of_block]
            elif op == OF_PIECE:
                code = of_piece[a, row]
            elif op == NUMBER_KNOWN:
                code = 0 if np.isnan(numbers[a, of_block]) else 1
            elif op == NUMBER_BESIDE:
                held = numbers[a, of_block]
                if not np.isnan(held):
                    code = _beside(held, value[asked])
            elif op == DAY_KNOWN:
                code = 1 if stated[a, of_block] != _UNKNOWN else 0
            elif op == DAY_BESIDE:
                day = stated[a, of_block]
                if day != _UNKNOWN:
                    code = _beside(day, b)
            elif op == START_BESIDE:
                code = _beside(start[row], b)
            elif op == SHARE:
                code = _share(row, b, of_block, a, numbers, here, roles, marks)
            elif op == OF_FIGURE:
                code = (of_figure[a, fine[row]] >> b) & int(value[asked])
            else:
                begins, ends = since[a, row], until[a, row]
                if begins != _UNKNOWN:
                    if op == LENGTH_KNOWN:
                        code = 1
                    else:
                        if op == LENGTH_ELAPSED:
                            if posted_from[a, row] != _UNKNOWN:
                                ends = end[row]
                        elif op == LENGTH_FROM_START:
                            begins = max(begins, start[row])
                        elif op == LENGTH_FROM_DAY:
                            begins = max(begins, int(value[asked]))
                        code = _beside(ends, last_days[b, begins - last_first])
            place = first[node] + code
            node = branches[place] if place < places else _NOWHERE
        if node < _NOWHERE:
            found[row] = -2 - node
    return found
