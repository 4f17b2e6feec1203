"""Compiled loops over the columns of a block: from Arrow's memory to small codes. Needs numba (extra ``fast``).

Every loop writes one value a row into ``out``. ``there`` says which values are there, ``slow`` marks the rows that have to
be looked at the long way (1), and those that their own facts cut (``CUT``). Where a loop can do without asking, it does:
so it takes many rows at once.
"""

# mypy: disable-error-code="no-untyped-def,untyped-decorator"
from __future__ import annotations

from datetime import date

import numba
import numpy as np

from cleiss_rules.columnar.days import FAR, FIRST, LAST, UNKNOWN, number_of

#: kept on disk as a part of a run only (``program``), which tells whether their text has changed
_compiled = numba.njit
#: in ``slow``: a fact of the row begins or ends within it; its pieces, cut by the law, tell its answers
CUT, IN_PIECES = 2, 8
#: where only months are known, lengths are counted from the first day of a month
ANY_DAY = number_of(date(2001, 1, 1))
#: in a table of codes: a word that the column does not accept
REFUSED = 255


@_compiled
def spread(bits, offset, count, eight, there):
    """Which values are there, a byte for each in place of a bit: eight at a time (``there`` holds words of eight bytes).

    ``eight``: for a byte of bits, the word of eight bytes. No bits: all of them are there.
    """
    shift, last = offset & 7, len(bits) - 1
    whole = (count + 7) >> 3
    if not len(bits):
        there[:whole] = eight[255]
    elif not shift:
        first = offset >> 3
        for place in range(whole):
            there[place] = eight[bits[first + place]]
    else:
        for place in range(whole):
            at = (offset >> 3) + place
            byte = np.int64(bits[at]) >> shift
            if at < last:
                byte |= np.int64(bits[at + 1]) << (8 - shift)
            there[place] = eight[byte & 255]


@_compiled
def bits_taken(bits, offset, rows, there):
    """Which values of some rows are there, a byte for each."""
    for place in range(len(rows)):
        at = offset + rows[place]
        there[place] = (bits[at >> 3] >> (at & 7)) & 1


@_compiled
def words(indices, table, there, out):
    """The code of each word, 0 where there is none. Every index that the type can hold has a code in the table."""
    for row in range(len(out)):
        out[row] = table[indices[row]]
    for row in range(len(out)):
        out[row] *= there[row]


@_compiled
def words_within(indices, table, there, out):
    """The same where the type can hold more indices than the table has codes."""
    most = np.uint32(len(table))
    for row in range(len(out)):
        index = indices[row]
        out[row] = table[index if index < most else np.uint32(0)]
    for row in range(len(out)):
        out[row] *= there[row]


@_compiled
def flags(there, values, out):
    """0 unknown, 1 false, 2 true."""
    for row in range(len(out)):
        out[row] = there[row] * (np.uint8(1) + values[row])


@_compiled
def known(values, out):
    """1 where there is a number."""
    for row in range(len(out)):
        out[row] = values[row] == values[row]


@_compiled
def nonzero(codes, out):
    """1 where a code is not 0."""
    for row in range(len(out)):
        out[row] = codes[row] != 0


@_compiled
def either(one, two, out):
    """1 where one of two marks is set."""
    for row in range(len(out)):
        out[row] = one[row] | two[row]


@_compiled
def also(one, two, out):
    """1 where both marks are set."""
    for row in range(len(out)):
        out[row] = one[row] & two[row]


@_compiled
def equal_to(codes, code, out):
    """1 where a code is a certain one."""
    for row in range(len(out)):
        out[row] = codes[row] == code


@_compiled
def chosen(marks, yes, no, out):
    """One of two values, by a mark."""
    for row in range(len(out)):
        out[row] = yes if marks[row] else no


@_compiled
def marked(marks, yes, no, slow):
    """Marks rows in one of two ways, by another mark."""
    for row in range(len(slow)):
        slow[row] |= yes if marks[row] else no


@_compiled
def put(codes, factor, is_first, byte):
    """Puts a code into some bits of a byte; the first one takes the place of what stood there."""
    if is_first:
        for row in range(len(byte)):
            byte[row] = codes[row] * factor
    else:
        for row in range(len(byte)):
            byte[row] |= codes[row] * factor


@_compiled
def equal(one, two, there, out):
    """Whether two columns hold the same: 0 where it is unknown, 1 no, 2 yes."""
    for row in range(len(out)):
        out[row] = there[row] * (np.uint8(1) + (one[row] == two[row]))


@_compiled
def taken(values, rows, out):
    """The values of some rows."""
    for place in range(len(out)):
        out[place] = values[np.uint64(rows[place])]


@_compiled
def to_the_end(begins, until, ends, out):
    """When a posting has lasted by the end of a piece; one of which only the plan is known, when that ends."""
    for row in range(len(out)):
        out[row] = until[row] if begins[row] == UNKNOWN else ends[row]


@_compiled
def from_the_start(since, starts, out):
    """The later of two days; an unknown one stays unknown."""
    for row in range(len(out)):
        out[row] = since[row] if since[row] == UNKNOWN else max(since[row], starts[row])


@_compiled
def places(indices, there, out):
    """The place of each word among those of the column, counted from 1; 0 where there is none."""
    for row in range(len(out)):
        out[row] = there[row] * np.uint8(np.uint8(indices[row]) + np.uint8(1))


@_compiled
def refused(codes, wrong, slow):
    """Rows with the code of words that the column does not accept."""
    for row in range(len(codes)):
        slow[row] |= codes[row] == wrong


@_compiled
def days(values, there, out, slow):
    """Days as numbers; those too far away go the long way."""
    for row in range(len(out)):
        day = np.int32(values[row]) if there[row] else UNKNOWN
        out[row] = day
        slow[row] |= (day != UNKNOWN) & ((day < FIRST) | (day > LAST))


@_compiled
def numbers(values, there, most, whole, out, slow):
    """Numbers, NaN where there is none; those that no column can hold go the long way."""
    for row in range(len(out)):
        value = np.float64(values[row]) if there[row] else np.nan
        out[row] = value
        slow[row] |= (value < 0) | (value > most)
    if whole:
        for row in range(len(out)):
            slow[row] |= out[row] % 1 > 0


@_compiled
def of_day(days_, table, first, out):
    """What a table says of each day; 0 for one that is unknown."""
    most = len(table) - 1
    for row in range(len(out)):
        day = days_[row]
        out[row] = table[np.uint32(min(max(day - first, 0), most))] * (day != UNKNOWN)


@_compiled
def beside(values, mark, out):
    """1 below a mark, 2 on it, 3 above it; 0 for no number."""
    for row in range(len(out)):
        value = values[row]
        out[row] = (1 + (value >= mark) + (value > mark)) if value == value else 0


@_compiled
def beside_day(days_, mark, out):
    """The same for days."""
    for row in range(len(out)):
        day = days_[row]
        out[row] = (1 + (day >= mark) + (day > mark)) if day != UNKNOWN else 0


@_compiled
def otherwise(days_, day, out):
    """Unknown days are this one."""
    for row in range(len(out)):
        out[row] = day if days_[row] == UNKNOWN else days_[row]


@_compiled
def bucket(values, marks, out):
    """Numbers told apart by marks: below, on and above each; 0 for none."""
    for row in range(len(out)):
        out[row] = values[row] == values[row]
    for mark in marks:
        for row in range(len(out)):
            out[row] += np.uint8(values[row] >= mark) + np.uint8(values[row] > mark)


@_compiled
def span(start, stated, end, slow):
    """No stated end is far away; a span that ends before it begins goes the long way."""
    for row in range(len(end)):
        end[row] = FAR if stated[row] == UNKNOWN else stated[row]
        slow[row] |= end[row] < start[row]


@_compiled
def stretch(since, until, start, last, to_come, over, now, slow):
    """Whether an activity is to come or over on the first day, or now; one that begins or ends within a row cuts it."""
    for row in range(len(now)):
        later = since[row] > start[row]
        past = until[row] < start[row]
        to_come[row], over[row], now[row] = later, past, not (later | past)
        slow[row] |= CUT * ((later & (since[row] <= last[row])) | ((not past) & (until[row] < last[row])))


@_compiled
def limited(posted, since, until, start, last, table, slow):
    """A limit that runs from the start of a posting and is reached within a row cuts it."""
    for row in range(len(slow)):
        reached = table[np.uint32(min(max(since[row], FIRST), LAST) - FIRST)]
        within = (start[row] <= reached) & (reached < min(last[row], until[row]))
        slow[row] |= CUT * (posted[row] & (since[row] != UNKNOWN) & within)


@_compiled
def planned(since, until, months, month_of, first_of, begins, ends):
    """From when to when a posting lasts of which only the months are told, or its start and them."""
    for row in range(len(ends)):
        begins[row], ends[row] = since[row], until[row]
        if months[row] > 0 and (since[row] == UNKNOWN or until[row] == FAR):
            start = ANY_DAY if since[row] == UNKNOWN else since[row]
            month = month_of[min(max(start, FIRST), LAST) - FIRST]
            within, target = start - first_of[month], month + months[row]
            length_ = first_of[target + 1] - first_of[target]
            begins[row], ends[row] = start, first_of[target] + min(within, length_) - 1


@_compiled
def planned_from(months, ended, ends):
    """The same where the start of all is known and the end of none: ``ended`` tells it by the months."""
    for row in range(len(ends)):
        ends[row] = ended[np.uint32(months[row])]


@_compiled
def whole_months(stated, most, months, slow):
    """Planned months as whole numbers, 0 where there are none; others go the long way."""
    for row in range(len(months)):
        value = stated[row]
        fits = (value >= 1) & (value <= most) & (value == np.floor(value))
        months[row] = np.int32(value) if fits else 0
        slow[row] |= (value == value) & (not fits)


@_compiled
def later_of(days_, day, out):
    """The later of two days; an unknown one stays unknown."""
    for row in range(len(out)):
        out[row] = days_[row] if days_[row] == UNKNOWN else max(days_[row], day)


@_compiled
def begun(since, start, last, out, slow):
    """1 where something began by the first day; what begins later, within a row, cuts it."""
    for row in range(len(out)):
        out[row] = since[row] <= start[row]
        slow[row] |= CUT * ((start[row] < since[row]) & (since[row] <= last[row]))


@_compiled
def length_known(posted, since, out):
    """1 where a posting has a known length."""
    for row in range(len(out)):
        out[row] = (posted[row] != 0) & (since[row] != UNKNOWN)


@_compiled
def length(posted, since, until, table, out):
    """1 where a posting is shorter than a period, 2 just as long, 3 longer; 0 unknown or not posted."""
    for row in range(len(out)):
        reached = table[np.uint32(min(max(since[row], FIRST), LAST) - FIRST)]
        there = posted[row] & (since[row] != UNKNOWN)
        out[row] = there * (1 + (until[row] >= reached) + (until[row] > reached))


@_compiled
def length_from(posted, until, reached, out):
    """The same where all begin on one day."""
    for row in range(len(out)):
        out[row] = posted[row] * np.uint8(1 + (until[row] >= reached) + (until[row] > reached))


@_compiled
def insured(begins, since, until, tables, longest, out):
    """The unbroken insurance that ends on the eve of an activity, told apart by periods; without one, the shortest."""
    periods = len(tables)
    for row in range(len(out)):
        begin, eve, code = begins[row], begins[row] - 1, np.uint8(2 * periods)
        if since[row] >= begin - longest:
            code, at = np.uint8(0), np.uint32(min(max(since[row], FIRST), LAST) - FIRST)
            for period in range(periods):
                reached = tables[period, at]
                code += np.uint8(eve >= reached) + np.uint8(eve > reached)
        unbroken = (since[row] < begin) & (until[row] >= eve)
        out[row] = (1 + unbroken * code) * (begin != UNKNOWN)


@_compiled
def both(one, two, slow):
    """Two spells in one State go the long way."""
    for row in range(len(slow)):
        slow[row] |= (one[row] == two[row]) & (one[row] != 0)


@_compiled
def shares(stated, there, numbers_, bytes_, most, first, several, compact, slow):
    """Completes the shares of activities: one that is not stated is what the others leave. How many rows have several.

    ``stated``, ``there``: the rows of numbers and marks of the activities; ``first``: the completed shares of the first;
    ``several``: the rows with more activities than that one, of which ``compact`` holds all shares, one after the other.
    Shares of more than all, of any activity, go the long way.
    """
    activities, count = len(stated), len(first)
    found = _with_several(there, bytes_, count, several)
    values, now = numbers_[stated[0]], bytes_[there[0]]
    for row in range(count):
        value = values[row]
        slow[row] |= value > most
        first[row] = (most if value != value else value) if now[row] else 0.0
    rows = several[:found]
    total, known, unknown, lacking = (
        np.zeros(found),
        np.zeros(found),
        np.zeros(found, np.int8),
        np.zeros(found, np.int8),
    )
    for activity in range(activities):
        part, held, marks = numbers_[compact[activity]], numbers_[stated[activity]], bytes_[there[activity]]
        for place in range(found):
            at = rows[place]
            value, is_there = held[at], marks[at] != 0
            told = value == value
            plain = value if told else 0.0
            total[place] += plain
            known[place] += plain if is_there else 0.0
            open_ = is_there & (not told)
            unknown[place] += open_
            lacking[place] = activity if open_ else lacking[place]
            part[place] = value if is_there else 0.0
    for activity in range(activities):
        part = numbers_[compact[activity]]
        for place in range(found):
            alone = (unknown[place] == 1) & (lacking[place] == activity)
            part[place] = max(0.0, most - known[place]) if alone else part[place]
    part = numbers_[compact[0]]
    for place in range(found):
        at = rows[place]
        slow[at] |= total[place] > most
        first[at] = part[place]
    return found


@_compiled
def _with_several(there, bytes_, count, several):
    """The rows with more activities than the first; how many they are."""
    more, found = bytes_[there[len(there) - 1]].copy(), np.int64(0)
    for activity in range(1, len(there) - 1):
        marks = bytes_[there[activity]]
        for row in range(count):
            more[row] |= marks[row]
    if len(there) > 1:
        for row in range(count):
            several[found] = row
            found += more[row]
    return found


@_compiled
def share(compact, numbers_, roles, marks, several, found, codes, out):
    """The share that a State has, told apart by marks, if the activities lie as ``roles`` say (1 inside, 2 other kind).

    Only where there are several: of a single one, it follows from its own share.
    """
    others = False
    values, whole = np.zeros(found), np.full(found, 100.0)
    for activity in range(len(roles)):
        part = numbers_[compact[activity]]
        if roles[activity] == 1:
            for place in range(found):
                values[place] += part[place]
        elif roles[activity] == 2:
            others = True
            for place in range(found):
                whole[place] -= part[place]
    if others:
        for place in range(found):
            left = whole[place]
            share_ = values[place] * 100.0 / (left if left > 0 else 1.0)
            values[place] = share_ if left > 0 else (0.0 if left == left else np.nan)
    bucket(values, marks, codes[:found])
    out[:] = 0
    for place in range(found):
        out[several[place]] = codes[place]


@_compiled
def joined(bytes_, eight, base, out):
    """Eight rows of bytes as words, beside what all words have."""
    one, two, three, four = bytes_[eight[0]], bytes_[eight[1]], bytes_[eight[2]], bytes_[eight[3]]
    five, six, seven, last = bytes_[eight[4]], bytes_[eight[5]], bytes_[eight[6]], bytes_[eight[7]]
    for row in range(len(out)):
        low = np.uint32(one[row]) | (np.uint32(two[row]) << np.uint32(8)) | (np.uint32(three[row]) << np.uint32(16))
        low |= np.uint32(four[row]) << np.uint32(24)
        high = np.uint32(five[row]) | (np.uint32(six[row]) << np.uint32(8)) | (np.uint32(seven[row]) << np.uint32(16))
        high |= np.uint32(last[row]) << np.uint32(24)
        out[row] = base | np.uint64(low) | (np.uint64(high) << np.uint64(32))


@_compiled
def are_all(values, value):
    """Whether all values are a certain one."""
    for low in range(0, len(values), 512):
        differ = np.int64(0)
        for row in range(low, min(low + 512, len(values))):
            differ |= values[row] ^ value
        if differ:
            return False
    return True


@_compiled
def are_alike(one, two):
    """Whether two columns hold the same."""
    for low in range(0, len(one), 512):
        differ = np.int64(0)
        for row in range(low, min(low + 512, len(one))):
            differ |= one[row] ^ two[row]
        if differ:
            return False
    return True
