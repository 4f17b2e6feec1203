"""Compiled loops over the signatures of rows: putting them together, looking answers up by them. Needs numba."""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,assignment"
from __future__ import annotations

import numba
import numpy as np

from cleiss_rules.columnar.days import FAR, FIRST, LAST

_compiled = numba.njit(cache=True, nogil=True)
_STEP = np.uint64(0xBF58476D1CE4E5B9)
#: in place of a template: no answer is known; it takes the long way to find it
MISSING, LONG = -1, -2
#: pieces whose places are read ahead
_AHEAD = 256
_FIRST_TEMPLATE = 3
#: in an entry, from low to high: the last day (all ones: none), the legislation, the template
_LAST_BITS = (1 << 17) - 1
_LEGISLATION, _TEMPLATE = 17, 40
MOST_LEGISLATIONS = (1 << (_TEMPLATE - _LEGISLATION)) - 1


@_compiled
def pieces(start, last, slow, until, rows, starts, ends):
    """Every row, cut where a table says that a stretch of days ends; how many pieces there are, as far as they fit."""
    count, room = 0, len(rows)
    for row in range(len(start)):
        if slow[row]:
            continue
        day = start[row]
        while True:
            end = min(last[row], until[day - FIRST]) if day <= LAST else last[row]
            if count < room:
                rows[count], starts[count], ends[count] = row, day, end
            count += 1
            if end >= last[row]:
                break
            day = end + 1
    return count


@numba.njit(cache=True, nogil=True, inline="always")
def _stretch_end(day, since, over):
    """Until when an activity is to come, or lasts; the end of time where it is over."""
    return since - 1 if since > day else (over if over >= day else FAR)


@_compiled
def cut_pieces(days, spells, posted, limits, until, rows, starts, ends):
    """Rows that their own facts cut, piece by piece; how many pieces there are, as far as they fit.

    ``days``: the first and last day of the rows, then from when to when each activity lasts; ``posted``: whether it is a
    posting, to which limits apply that run from its start. ``until``: where the law cuts.
    """
    count, room = 0, len(rows)
    for row in range(days.shape[1]):
        day, last = days[0, row], days[1, row]
        while True:
            end = min(last, until[day - FIRST]) if day <= LAST else last
            for activity in range(len(posted)):
                since, over = days[2 + 2 * activity, row], days[3 + 2 * activity, row]
                end = min(end, _stretch_end(day, since, over))
                if posted[activity, row] and since >= FIRST and since <= LAST:
                    for limit in range(len(limits)):
                        reached = limits[limit, since - FIRST]
                        end = min(end, reached) if day <= reached < min(last, over) else end
            for spell in range(len(spells)):
                if spells[spell, row] > day:
                    end = min(end, spells[spell, row] - 1)
            if count < room:
                rows[count], starts[count], ends[count] = row, day, end
            count += 1
            if end >= last:
                break
            day = end + 1
    return count


@numba.njit(cache=True, nogil=True, inline="always")
def _mixed(mixed, word, place):
    """A word more of a key, in its place: the words can be taken up in any order at once."""
    return mixed ^ ((word ^ (word >> np.uint64(29))) * (np.uint64(0x9E3779B97F4A7C15) + np.uint64(2 * place) * _STEP))


@numba.njit(cache=True, nogil=True, inline="always")
def _slot(mixed, size):
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return np.int64((mixed >> np.uint64(32)) & np.uint64(size - 1))


@numba.njit(cache=True, nogil=True)
def _taken_up(words_, begin, mixed, place_of_first):
    """Takes up some words of as many keys in a row."""
    count = len(mixed)
    for word in range(len(words_)):
        factor = np.uint64(0x9E3779B97F4A7C15) + np.uint64(2 * (place_of_first + word)) * _STEP
        part = words_[word, begin : begin + count]
        for place in range(count):
            mixed[place] ^= (part[place] ^ (part[place] >> np.uint64(29))) * factor


@_compiled
def mixed(words_, found):
    """The words of each row, taken up together."""
    for begin in range(0, len(found), _AHEAD):
        part = found[begin : begin + _AHEAD]
        part[:] = 0
        _taken_up(words_, begin, part, 0)


@numba.njit(cache=True, nogil=True, inline="always")
def _differ(entry, of_row, row, of_piece, piece):
    differ, first = np.uint64(0), len(of_row)
    for word in range(first):
        differ |= entry[word] ^ of_row[word, row]
    for word in range(len(of_piece)):
        differ |= entry[first + word] ^ of_piece[word, piece]
    return differ != 0


@_compiled
def looked_up(of_row, mixed_rows, rows, of_piece, ends, table, template, legislation, lasts):
    """The answer of each piece by its words, those of its row and its own: ``MISSING`` for template where none is known.

    ``mixed_rows``: the words of each row, taken up together. ``rows``: the row of each piece; none where each row is one
    piece. An answer counts only if the law leaves it so to the last day of the piece (``ends``: one, or that of each);
    ``lasts``, where there is room, tells how long it does. The first places are read ahead, for many pieces at once: they
    lie far apart in memory. How many pieces have no answer, and how many none by the short way.
    """
    missing, long = 0, 0
    size, first, count = len(table), len(of_row), len(template)
    words = first + len(of_piece)
    slots, ahead = np.empty(_AHEAD, np.int64), np.empty(_AHEAD, np.uint64)
    own_rows, own_ends, tells = len(rows) > 0, len(ends) > 1, len(lasts) > 0
    mixed_ = np.empty(_AHEAD, np.uint64)
    for begin in range(0, count, _AHEAD):
        together = min(_AHEAD, count - begin)
        mixed_of = mixed_[:together]
        if own_rows:
            for place in range(together):
                mixed_of[place] = mixed_rows[rows[begin + place]]
        else:
            mixed_of[:] = mixed_rows[begin : begin + together]
        _taken_up(of_piece, begin, mixed_of, first)
        for place in range(together):
            slots[place] = _slot(mixed_of[place], size)
        for place in range(together):
            ahead[place] = table[slots[place], words]
        for place in range(together):
            piece = begin + place
            row = rows[piece] if own_rows else piece
            slot, told, found, said = slots[place], ahead[place], np.int32(MISSING), np.int32(0)
            end = ends[piece] if own_ends else ends[0]
            while told != 0:
                if not _differ(table[slot], of_row, row, of_piece, piece):
                    until = np.int32(told & np.uint64(_LAST_BITS))
                    if until == _LAST_BITS or until + FIRST >= end:
                        found = np.int32(told >> np.uint64(_TEMPLATE)) - _FIRST_TEMPLATE
                        said = np.int32((told >> np.uint64(_LEGISLATION)) & np.uint64(MOST_LEGISLATIONS))
                        if tells:
                            lasts[piece] = FAR if until == _LAST_BITS else until + FIRST
                    break
                slot = (slot + 1) & (size - 1)
                told = table[slot, words]
            template[piece], legislation[piece] = found, said
            missing += found == MISSING
            long += found == LONG
    return missing, long


@_compiled
def put_down(words_, template, legislation, until, table):
    """Writes down answers by their words, given a column each; how many were new."""
    size, words, new = len(table), len(words_), 0
    for entry in range(len(template)):
        mixed = np.uint64(0)
        for word in range(words):
            mixed = _mixed(mixed, words_[word, entry], word)
        slot = _slot(mixed, size)
        known = False
        while table[slot, words] != 0 and not known:
            known = True
            for word in range(words):
                known &= table[slot, word] == words_[word, entry]
            if not known:
                slot = (slot + 1) & (size - 1)
        if known:
            continue
        for word in range(words):
            table[slot, word] = words_[word, entry]
        last = np.uint64(_LAST_BITS if until[entry] > LAST else until[entry] - FIRST)
        said = np.uint64(legislation[entry]) << np.uint64(_LEGISLATION)
        table[slot, words] = (np.uint64(template[entry] + _FIRST_TEMPLATE) << np.uint64(_TEMPLATE)) | said | last
        new += 1
    return new


@_compiled
def distinct(words_, table, first, kind):
    """The first entry of each kind of words, and the kind of each entry; ``table`` holds -1, for twice as many.

    How many kinds there are.
    """
    size, width = len(table), len(words_)
    kinds = 0
    for entry in range(words_.shape[1]):
        mixed = np.uint64(0)
        for word in range(width):
            mixed = _mixed(mixed, words_[word, entry], word)
        slot = _slot(mixed, size)
        while True:
            other = table[slot]
            if other < 0:
                table[slot] = kinds
                first[kinds], kind[entry] = entry, kinds
                kinds += 1
                break
            same = True
            for word in range(width):
                same &= words_[word, first[other]] == words_[word, entry]
            if same:
                kind[entry] = other
                break
            slot = (slot + 1) & (size - 1)
    return kinds


@_compiled
def moved(old, table, words):
    """Puts the entries of a table into a larger one; an entry is that many words and its answer."""
    size = len(table)
    for entry in range(len(old)):
        if old[entry, words] == 0:
            continue
        mixed = np.uint64(0)
        for word in range(words):
            mixed = _mixed(mixed, old[entry, word], word)
        slot = _slot(mixed, size)
        while table[slot, words] != 0:
            slot = (slot + 1) & (size - 1)
        for word in range(words + 1):
            table[slot, word] = old[entry, word]


@_compiled
def answers(rows, pieces_, alike, same_states, skipped, out_rows, out):
    """The answers to rows from those of their pieces: neighbours that say the same are one; how many answers there are.

    ``pieces_`` and ``out``: first day, last day, template and legislation, a row of each; a row that is skipped has none.
    """
    count = -1
    for piece in range(len(rows)):
        row = rows[piece]
        if skipped[row]:
            continue
        template, legislation = pieces_[2, piece], pieces_[3, piece]
        if (
            count >= 0
            and out_rows[count] == row
            and alike[out[2, count]] == alike[template]
            and same_states[out[3, count]] == same_states[legislation]
        ):
            out[1, count] = pieces_[1, piece]
            continue
        count += 1
        out_rows[count] = row
        out[0, count], out[1, count] = pieces_[0, piece], pieces_[1, piece]
        out[2, count], out[3, count] = template, legislation
    return count + 1


@_compiled
def together(
    first, rows, starts, ends, template, legislation, alike, same_states, skipped, more_rows, more, out_rows, out
):
    """The answers of a block: those to rows from their pieces, as in ``answers``, and others beside them, in order of rows.

    ``rows``: none where each row is one piece; ``starts`` and ``ends``: one, or that of each. ``more``: first day, last day,
    template and legislation of answers to other rows. Rows are counted from ``first``. How many answers there are.
    """
    own_rows, own_starts, own_ends = len(rows) > 0, len(starts) > 1, len(ends) > 1
    count, two, before = 0, 0, -1
    for piece in range(len(template)):
        row = rows[piece] if own_rows else piece
        if skipped[row]:
            continue
        said, where, end = template[piece], legislation[piece], ends[piece] if own_ends else ends[0]
        if (
            row == before
            and alike[out[2, count - 1]] == alike[said]
            and same_states[out[3, count - 1]] == same_states[where]
        ):
            out[1, count - 1] = end
            continue
        while two < len(more_rows) and more_rows[two] < row:
            out_rows[count] = more_rows[two] + first
            for column in range(len(more)):
                out[column, count] = more[column, two]
            two, count = two + 1, count + 1
        out_rows[count], before = row + first, row
        out[0, count], out[1, count] = starts[piece] if own_starts else starts[0], end
        out[2, count], out[3, count] = said, where
        count += 1
    for last in range(two, len(more_rows)):
        out_rows[count] = more_rows[last] + first
        for column in range(len(more)):
            out[column, count] = more[column, last]
        count += 1
    return count


@_compiled
def interleaved(rows, columns, more_rows, more, out_rows, out):
    """Two lists of rows in order as one; ``columns`` and ``more`` are what stands beside the rows."""
    one, two = 0, 0
    for place in range(len(out_rows)):
        if two >= len(more_rows) or (one < len(rows) and rows[one] < more_rows[two]):
            out_rows[place] = rows[one]
            for column in range(len(columns)):
                out[column, place] = columns[column, one]
            one += 1
        else:
            out_rows[place] = more_rows[two]
            for column in range(len(columns)):
                out[column, place] = more[column, two]
            two += 1


@_compiled
def met(numbers, found):
    """Which numbers there are."""
    for row in range(len(numbers)):
        found[numbers[row]] = 1


@_compiled
def worded(numbers, lookup, indices):
    """The index of the word of each number."""
    for row in range(len(numbers)):
        indices[row] = lookup[numbers[row]]


@_compiled
def with_words(numbers, there, bits):
    """A bit for each number that has a word, eight in a byte; how many have none."""
    without = 0
    for byte in range(len(numbers) >> 3):
        first = byte << 3
        eight = there[numbers[first]] | (there[numbers[first + 1]] << 1)
        eight |= (there[numbers[first + 2]] << 2) | (there[numbers[first + 3]] << 3)
        eight |= (there[numbers[first + 4]] << 4) | (there[numbers[first + 5]] << 5)
        eight |= (there[numbers[first + 6]] << 6) | (there[numbers[first + 7]] << 7)
        bits[byte] = eight
        without += eight != 255
    last = len(numbers) & -8
    for row in range(last, len(numbers)):
        bits[row >> 3] = (bits[row >> 3] if row & 7 else 0) | (there[numbers[row]] << (row & 7))
        without += there[numbers[row]] == 0
    return without


@_compiled
def renumbered(entries, templates, legislations):
    """The same entries under other numbers of templates and legislations."""
    words = entries.shape[1] - 1
    for entry in range(len(entries)):
        told = entries[entry, words]
        template = np.int64(told >> np.uint64(_TEMPLATE)) - _FIRST_TEMPLATE
        said = np.int64((told >> np.uint64(_LEGISLATION)) & np.uint64(MOST_LEGISLATIONS))
        if template != LONG:
            template, said = templates[template], legislations[said]
        last = told & np.uint64(_LAST_BITS)
        said_bits = np.uint64(said) << np.uint64(_LEGISLATION)
        entries[entry, words] = (np.uint64(template + _FIRST_TEMPLATE) << np.uint64(_TEMPLATE)) | said_bits | last
