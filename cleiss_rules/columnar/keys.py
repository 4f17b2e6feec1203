"""Compiled loops over the signatures of rows: putting them together, looking answers up by them. Needs numba."""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,assignment,no-untyped-call,call-arg,import-untyped"
from __future__ import annotations

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from cleiss_rules.columnar.days import FAR, FIRST, LAST
from cleiss_rules.columnar.kernels import IN_PIECES

_compiled = numba.njit(cache=True, nogil=True)
_STEP = np.uint64(0xBF58476D1CE4E5B9)
#: in place of a template: no answer is known; it takes the long way to find it
MISSING, LONG = -1, -2
#: pieces whose places are read ahead
_AHEAD = 256
_FIRST_TEMPLATE = 3
#: bytes in a line of the cache
_LINE = 64
#: in an entry, from low to high: the last day (all ones: none), the legislation, the template
_LAST_BITS = (1 << 17) - 1
_LEGISLATION, _TEMPLATE = 17, 40
MOST_LEGISLATIONS = (1 << (_TEMPLATE - _LEGISLATION)) - 1
MOST_TEMPLATES = (1 << (64 - _TEMPLATE)) - 1 - _FIRST_TEMPLATE


def first_told(template: int) -> np.uint64:
    """The least that an entry can tell of a template."""
    return np.uint64((template + _FIRST_TEMPLATE) << _TEMPLATE)


@numba.njit
def in_pieces(start, last, template, slow, until, low, held, count):
    """The pieces of rows that are not known whole, where a table says that a stretch of days ends within them.

    Such rows are marked. Rows are counted from ``low`` on. ``held``: the rows of pieces, their first and last days; ``count``
    are there already, and no more than there is room for are put down. How many there are.
    """
    rows, starts, ends = held
    cut, found = np.empty(len(slow), np.int32), 0
    for row in range(len(slow)):
        cut[found] = row
        found += (template[row] == MISSING) & (slow[row] == 0)
    for place in range(found):
        row = cut[place]
        day, over = start[row], last[row]
        if day > LAST or until[day - FIRST] >= over:
            continue
        slow[row] |= IN_PIECES
        while True:
            reached = min(over, until[day - FIRST]) if day <= LAST else over
            if count < len(rows):
                rows[count], starts[count], ends[count] = low + row, day, reached
            count += 1
            if reached >= over:
                break
            day = reached + 1
    return count


@numba.njit(inline="always")
def _stretch_end(day, since, over):
    """Until when an activity is to come, or lasts; the end of time where it is over."""
    return since - 1 if since > day else (over if over >= day else FAR)


@intrinsic
def _fetch(_context, address):  # noqa: ARG001  (what a call of it is given)
    """Has memory at an address brought near, without waiting for it."""

    def code(_context, builder, _signature, arguments):
        place, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [place, number, number, number])
        fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(fetch, [builder.inttoptr(arguments[0], place), number(0), number(3), number(1)])

    return types.void(types.int64), code


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


@numba.njit(inline="always")
def _mixed(mixed, word, place):
    """A word more of a key, in its place: the words can be taken up in any order at once."""
    return mixed ^ ((word ^ (word >> np.uint64(29))) * (np.uint64(0x9E3779B97F4A7C15) + np.uint64(2 * place) * _STEP))


@numba.njit(inline="always")
def _slot(mixed, size):
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return np.int64((mixed >> np.uint64(32)) & np.uint64(size - 1))


@numba.njit
def mixed(words_, begin, found, first):
    """Takes up some words of keys one after the other; ``first``: the place of the first word."""
    count = len(found)
    for word in range(len(words_)):
        part = words_[word, begin : begin + count]
        for place in range(count):
            found[place] = _mixed(found[place], part[place], first + word)


@numba.njit(inline="always")
def _holds(told, differ, end):
    """Whether an entry is that of a key, and its answer stays so to the last day of the piece."""
    until = np.int32(told & np.uint64(_LAST_BITS))
    return (told != 0) & (differ == 0) & ((until == _LAST_BITS) | (until + FIRST >= end))


@numba.njit(inline="always")
def _template(told):
    return np.int32(told >> np.uint64(_TEMPLATE)) - np.int32(_FIRST_TEMPLATE)


@numba.njit(inline="always")
def _legislation(told):
    return np.int32((told >> np.uint64(_LEGISLATION)) & np.uint64(MOST_LEGISLATIONS))


@numba.njit
def _slots(mixed_rows, columns, of_piece, first, begin, keys_, slots, table):
    """The slots in which keys are looked for first, as many as there is room for; their entries are fetched by then."""
    if len(columns):
        for place in range(len(keys_)):
            keys_[place] = mixed_rows[columns[begin + place]]
    else:
        keys_[:] = mixed_rows[begin : begin + len(keys_)]
    mixed(of_piece, begin, keys_, first)
    for place in range(len(keys_)):
        slots[place] = np.uint64(_slot(keys_[place], len(table)))
    entry, width = np.int64(table.ctypes.data), 8 * table.shape[1]
    for place in range(len(keys_)):
        _fetch(entry + np.int64(slots[place]) * width)
    if width % _LINE:
        for place in range(len(keys_)):
            _fetch(entry + np.int64(slots[place]) * width + width - 8)


@numba.njit
def _first_look(slots, columns, of_row, of_piece, table, told, differ):
    """What the entries in some slots tell, and whether they are those of the keys.

    ``columns``: of each key, where the words of its row stand; none where they stand in order.
    """
    first, own, together = len(of_row), len(of_piece), len(slots)
    for place in range(together):
        told[place] = table[slots[place], first + own]
        differ[place] = 0
    for word in range(first):
        part = of_row[word]
        if len(columns):
            for place in range(together):
                differ[place] |= table[slots[place], word] ^ part[columns[place]]
        else:
            for place in range(together):
                differ[place] |= table[slots[place], word] ^ part[place]
    for word in range(own):
        part = of_piece[word]
        for place in range(together):
            differ[place] |= table[slots[place], first + word] ^ part[place]


@numba.njit
def _looks(slots, columns, of_row, of_piece, table, told, differ, pending):
    """Goes on, for keys of which another stood in their slot, to the next slots, until each is found or not there.

    All keys take a step before any takes the next: so nothing has to be guessed by the processor.
    """
    first, own, size, left = len(of_row), len(of_piece), len(table), 0
    for place in range(len(slots)):
        pending[left] = place
        left += (told[place] != 0) & (differ[place] != 0)
    while left:
        again = 0
        for at in range(left):
            place = pending[at]
            slot = (slots[place] + np.uint64(1)) & np.uint64(size - 1)
            column = columns[place] if len(columns) else place
            other = np.uint64(0)
            for word in range(first):
                other |= table[slot, word] ^ of_row[word, column]
            for word in range(own):
                other |= table[slot, first + word] ^ of_piece[word, place]
            slots[place], told[place], differ[place] = slot, table[slot, first + own], other
            pending[again] = place
            again += (told[place] != 0) & (other != 0)
        left = again


@numba.njit
def seek(of_row, mixed_rows, columns, of_piece, ends, table, found, lasts):
    """The answer of each piece by its words, those of its row and its own: ``MISSING`` for template where none is known.

    ``of_row``, ``mixed_rows``: the words of rows, and what they are taken up to. ``columns``: where the row of each piece
    stands; none where each row is one piece. An answer counts only if the law leaves it so to the last day of the piece
    (``ends``: one, or that of each). ``found``: room for templates and legislations; ``lasts``, where there is room, tells
    how long the law leaves it so. Many pieces are looked up at once: their places in memory lie far apart.
    """
    template, legislation = found
    first, count = len(of_row), len(template)
    slots, ahead, pending = np.empty(_AHEAD, np.uint64), np.empty(_AHEAD, np.uint64), np.empty(_AHEAD, np.uint64)
    told, differ, keys_ = np.empty(_AHEAD, np.uint64), np.empty(_AHEAD, np.uint64), np.empty(_AHEAD, np.uint64)
    last = np.full(_AHEAD, ends[0] if len(ends) else FAR, np.int32)
    _slots(mixed_rows, columns, of_piece, first, 0, keys_[: min(_AHEAD, count)], ahead, table)
    for begin in range(0, count, _AHEAD):
        together = min(_AHEAD, count - begin)
        end = begin + together
        slots, ahead = ahead, slots
        _slots(mixed_rows, columns, of_piece, first, end, keys_[: min(_AHEAD, count - end)], ahead, table)
        mine = columns[begin:end] if len(columns) else columns
        held = of_row if len(columns) else of_row[:, begin:end]
        _first_look(slots[:together], mine, held, of_piece[:, begin:end], table, told, differ)
        _looks(slots[:together], mine, held, of_piece[:, begin:end], table, told, differ, pending)
        if len(ends) > 1:
            last[:together] = ends[begin:end]
        for place in range(together):
            holds = _holds(told[place], differ[place], last[place])
            template[begin + place] = _template(told[place]) if holds else MISSING
            legislation[begin + place] = _legislation(told[place]) if holds else 0
        for at in range(begin, end if len(lasts) else begin):
            until = np.int32(told[at - begin] & np.uint64(_LAST_BITS))
            lasts[at] = FAR if until == _LAST_BITS or template[at] == MISSING else until + FIRST


@numba.njit(nogil=True)
def joined(pieces_, answers_, begin, end, said, skipped, low):
    """Makes one of neighbouring pieces of a row that say the same; up to where there are pieces then.

    ``pieces_``, ``answers_``: their rows and days, templates and legislations, from ``begin`` to ``end``; those of rows that
    are ``skipped`` (from row ``low`` on) are left out. ``said``: the number of what each template and legislation says; what
    has none stays as it is.
    """
    rows, starts, ends = pieces_
    templates, legislations = answers_
    alike, same_states = said
    at = begin
    for piece in range(begin, end):
        if skipped[rows[piece] - low] & ~IN_PIECES:
            continue
        template, legislation = templates[piece], legislations[piece]
        if at > begin and rows[at - 1] == rows[piece]:
            before, where = templates[at - 1], legislations[at - 1]
            known = min(before, template) >= 0 and max(before, template) < len(alike)
            known &= max(where, legislation) < len(same_states)
            if known and alike[before] == alike[template] and same_states[where] == same_states[legislation]:
                ends[at - 1] = ends[piece]
                continue
        rows[at], starts[at], ends[at] = rows[piece], starts[piece], ends[piece]
        templates[at], legislations[at] = template, legislation
        at += 1
    return at


@_compiled
def looked_up(words_, ends, table, template, legislation, lasts):
    """The same by whole words."""
    nothing, keys_ = np.zeros((0, len(template)), np.uint64), np.zeros(len(template), np.uint64)
    mixed(words_, 0, keys_, 0)
    seek(words_, keys_, keys_[:0], nothing, ends, table, (template, legislation), lasts)


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
def all_joined(pieces_, answers_, said, skipped):
    """The same for all rows of a block."""
    return joined(pieces_, answers_, 0, len(pieces_[0]), said, skipped, 0)


@_compiled
def together(first, starts, ends, template, legislation, skipped, more_rows, more, out_rows, out):
    """The answers of a block: one for each row that is not skipped, and more beside them, in the order of rows.

    ``starts`` and ``ends``: one, or that of each row. ``more``: first day, last day, template and legislation of the other
    answers, behind that of their row. Rows are counted from ``first``. How many answers there are.
    """
    own_starts, own_ends = len(starts) > 1, len(ends) > 1
    count, two, following = 0, 0, more_rows[0] if len(more_rows) else len(template)
    for row in range(len(template)):
        if not skipped[row]:
            out_rows[count] = row + first
            out[0, count] = starts[row] if own_starts else starts[0]
            out[1, count] = ends[row] if own_ends else ends[0]
            out[2, count], out[3, count] = template[row], legislation[row]
            count += 1
        while following == row:
            out_rows[count] = row + first
            for column in range(len(more)):
                out[column, count] = more[column, two]
            two, count = two + 1, count + 1
            following = more_rows[two] if two < len(more_rows) else len(template)
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
