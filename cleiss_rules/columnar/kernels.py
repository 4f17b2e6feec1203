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
#: in ``slow``: a fact of the row begins or ends within it
CUT = 2
#: where only months are known, lengths are counted from the first day of a month
ANY_DAY = number_of(date(2001, 1, 1))
#: in a table of codes: a word that the column does not accept
REFUSED = 1 << 15


@_compiled
def spread(bits, offset, count, eight, there):
    """Which values are there, a byte for each in place of a bit: eight at a time (``there`` holds words of eight bytes).

    ``eight``: for a byte of bits, the word of eight bytes. No bits: all of them are there.
    """
    shift, last = np.uint8(offset & 7), len(bits) - 1
    for place in range((count + 7) >> 3):
        byte = np.uint8(255)
        if len(bits):
            at = (offset >> 3) + place
            byte = bits[at] >> shift
            if shift and at < last:
                byte |= bits[at + 1] << np.uint8(8 - shift)
        there[place] = eight[byte]


@_compiled
def words(indices, there, eights, table, out, slow):
    """The code of each word, 0 where there is none; a column with few words in it is passed over quickly."""
    count, met = len(indices), np.uint16(0)
    for place in range((count + 7) >> 3):
        first, end = place << 3, min((place << 3) + 8, count)
        if eights[place]:
            for row in range(first, end):
                code = table[np.int64(indices[row]) * there[row]] * there[row]
                out[row] = code
                met |= code
        else:
            for row in range(first, end):
                out[row] = 0
    if met & REFUSED:
        for row in range(count):
            slow[row] |= (table[np.int64(indices[row]) * there[row]] * there[row]) >> 15


@_compiled
def flags(values, there, out):
    """0 unknown, 1 false, 2 true."""
    for row in range(len(out)):
        out[row] = there[row] * (np.uint8(1) + values[row])


@_compiled
def days(values, there, out, known, slow):
    """Days as numbers, and whether each is known; those too far away go the long way."""
    for row in range(len(out)):
        day = np.int32(values[row]) if there[row] else UNKNOWN
        out[row], known[row] = day, there[row]
        slow[row] |= (day != UNKNOWN) & ((day < FIRST) | (day > LAST))


@_compiled
def numbers(values, there, most, whole, out, known, slow):
    """Numbers, NaN where there is none; those that no column can hold go the long way."""
    for row in range(len(out)):
        value = values[row] if there[row] else np.nan
        out[row], known[row] = value, value == value
        slow[row] |= (value < 0) | (value > most)
    if whole:
        for row in range(len(out)):
            slow[row] |= out[row] % 1 > 0


@_compiled
def either(one, two):
    """Adds the rows of the second that are not 0 to the first."""
    for row in range(len(one)):
        one[row] |= two[row] != 0


@_compiled
def equal_to(codes, code, out):
    """Adds the rows that have a code."""
    for row in range(len(out)):
        out[row] |= codes[row] == code


@_compiled
def of_day(days_, table, first, out):
    """What a table says of each day; 0 for one that is unknown."""
    most = len(table) - 1
    for row in range(len(out)):
        day = days_[row]
        out[row] = table[min(max(day - first, 0), most)] if day != UNKNOWN else 0


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
def otherwise(days_, day):
    """Unknown days are this one, in place."""
    for row in range(len(days_)):
        if days_[row] == UNKNOWN:
            days_[row] = day


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
    for row in range(len(start)):
        end[row] = FAR if stated[row] == UNKNOWN else stated[row]
        slow[row] |= end[row] < start[row]


@_compiled
def stretch(since, until, start, last, to_come, over, now, slow):
    """Whether an activity is to come or over on the first day, or now; one that begins or ends within a row cuts it."""
    for row in range(len(start)):
        later = since[row] > start[row]
        past = until[row] < start[row]
        to_come[row], over[row], now[row] = later, past, not (later or past)
        slow[row] |= CUT * ((later and since[row] <= last[row]) or (not past and until[row] < last[row]))


@_compiled
def limited(posted, since, until, start, last, table, slow):
    """A limit that runs from the start of a posting and is reached within a row cuts it."""
    for row in range(len(start)):
        reached = table[min(max(since[row], FIRST), LAST) - FIRST]
        within = (start[row] <= reached) & (reached < min(last[row], until[row]))
        slow[row] |= CUT * (posted[row] & (since[row] != UNKNOWN) & within)


@_compiled
def planned(since, until, months, month_of, first_of, begins, ends):
    """From when to when a posting lasts of which only the months are told, or its start and them."""
    for row in range(len(since)):
        begins[row], ends[row] = since[row], until[row]
        if months[row] > 0 and (since[row] == UNKNOWN or until[row] == FAR):
            start = ANY_DAY if since[row] == UNKNOWN else since[row]
            month = month_of[min(max(start, FIRST), LAST) - FIRST]
            within, target = start - first_of[month], month + months[row]
            length_ = first_of[target + 1] - first_of[target]
            begins[row], ends[row] = start, first_of[target] + min(within, length_) - 1


@_compiled
def whole_months(stated, most, months, slow):
    """Planned months as whole numbers, 0 where there are none; others go the long way."""
    for row in range(len(stated)):
        value = stated[row]
        fits = value == value and 1 <= value <= most and value % 1 == 0
        months[row] = np.int32(value) if fits else 0
        slow[row] |= value == value and not fits


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
        slow[row] |= CUT * (start[row] < since[row] and since[row] <= last[row])


@_compiled
def length_known(posted, since, out):
    """1 where a posting has a known length."""
    for row in range(len(out)):
        out[row] = posted[row] != 0 and since[row] != UNKNOWN


@_compiled
def length(posted, since, until, table, out):
    """1 where a posting is shorter than a period, 2 just as long, 3 longer; 0 unknown or not posted."""
    for row in range(len(out)):
        reached = table[min(max(since[row], FIRST), LAST) - FIRST]
        there = posted[row] & (since[row] != UNKNOWN)
        out[row] = there * (1 + (until[row] >= reached) + (until[row] > reached))


@_compiled
def insured(begins, since, until, tables, longest, out):
    """The unbroken insurance that ends on the eve of an activity, told apart by periods; without one, the shortest."""
    periods = len(tables)
    for row in range(len(out)):
        begin = begins[row]
        if begin == UNKNOWN:
            out[row] = 0
            continue
        eve = begin - 1
        code = 1
        if since[row] < begin and until[row] >= eve:
            if since[row] < begin - longest:
                code = 1 + 2 * periods
            else:
                for period in range(periods):
                    reached = tables[period, since[row] - FIRST]
                    code += (eve >= reached) + (eve > reached)
        out[row] = code


@_compiled
def both(one, two, slow):
    """Two spells in one State go the long way."""
    for row in range(len(slow)):
        slow[row] |= one[row] == two[row] and one[row] != 0


@_compiled
def shares(stated, there, several, most, slow):
    """Completes the shares of activities in place: one that is not stated is what the others leave.

    ``stated``: a row of numbers for each activity; ``there``: whether a row has it now. Shares of more than all, of any
    activity, go the long way. ``several``: the rows with more activities than the first, -1 behind them.
    """
    activities, count, found = len(stated), len(slow), 0
    for row in range(count):
        more = np.uint8(0)
        for activity in range(1, activities):
            more |= there[activity, row]
        if more:
            several[found] = row
            found += 1
        value = stated[0, row]
        slow[row] |= value > most
        stated[0, row] = (value if value == value or more else most) if there[0, row] else 0.0
    if found < count:
        several[found] = -1
    for place in range(found):
        row = several[place]
        total, known, unknown, lacking = 0.0, 0.0, 0, 0
        for activity in range(activities):
            value = stated[activity, row]
            if value == value:
                total += value
            if not there[activity, row]:
                stated[activity, row] = 0.0
            elif value == value:
                known += value
            else:
                unknown += 1
                lacking = activity
        slow[row] |= total > most
        if unknown == 1:
            stated[lacking, row] = max(0.0, most - known)


@_compiled
def compact(completed, several, out):
    """The shares of the rows with several activities, one after the other; how many rows those are."""
    for place in range(len(several)):
        if several[place] < 0:
            return place
        for activity in range(len(completed)):
            out[activity, place] = completed[activity, several[place]]
    return len(several)


@_compiled
def share(compact_, roles, marks, several, codes, out):
    """The share that a State has, told apart by marks, if the activities lie as ``roles`` say (1 inside, 2 other kind).

    Only where there are several: of a single one, it follows from its own share.
    """
    count, others = len(codes), False
    values, whole = np.zeros(count), np.full(count, 100.0)
    for activity in range(len(roles)):
        part = compact_[activity]
        if roles[activity] == 1:
            for place in range(count):
                values[place] += part[place]
        elif roles[activity] == 2:
            others = True
            for place in range(count):
                whole[place] -= part[place]
    if others:
        for place in range(count):
            left = whole[place]
            share_ = values[place] * 100.0 / (left if left > 0 else 1.0)
            values[place] = share_ if left > 0 else (0.0 if left == left else np.nan)
    bucket(values, marks, codes)
    out[:] = 0
    for place in range(count):
        out[several[place]] = codes[place]
