"""Rows by what tells them apart: a few thousand at a time from their columns to their answers. Needs numba.

What is made of a few thousand rows stays in the cache until their answers are looked up; only those are written down.
"""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,no-untyped-call"
from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numba
import numpy as np

from cleiss_rules.columnar import days, kernels, keys, program, templates
from cleiss_rules.columnar.kernels import CUT, IN_PIECES
from cleiss_rules.columnar.program import TOGETHER, bare
from cleiss_rules.columnar.templates import MANY

#: among the days that are kept of rows: the first, the last, and the last of a piece
START, LAST, END = range(3)


@numba.njit
def _remembered(cut, count, low, slow, kept):
    """Writes down the rows that their own facts cut, and what was kept of them; how many there are by then."""
    rows, days_of, marks_of = cut
    kept_days, kept_marks = kept
    for place in range(len(slow)):
        if slow[place] != CUT:
            continue
        rows[count] = low + place
        for number in range(len(days_of)):
            days_of[number, count] = kept_days[number, place]
        for number in range(len(marks_of)):
            marks_of[number, count] = kept_marks[number, place]
        count += 1
    return count


@numba.njit
def _unknown(missing, count, template, slow, columns, first, words, of_piece):
    """Writes down the pieces without an answer (counted from ``first`` on), with their words.

    Those of slow rows need none. ``count``: how many there are already, and how many have no answer or several ones; so it is
    told of all by then. ``columns``: where the row of each piece stands; none where each row is one.
    """
    which, words_of = missing
    count, special = count
    others = ~IN_PIECES if len(columns) else -1
    for place in range(len(template)):
        special += (template[place] < keys.MISSING) | (template[place] >= MANY)
    for place in range(len(template)):
        if template[place] != keys.MISSING:
            continue
        column = columns[place] if len(columns) else np.uint64(place)
        if slow[column] & others:
            continue
        which[count] = first + place
        for word in range(len(words)):
            words_of[word, count] = words[word, column]
        for word in range(len(of_piece)):
            words_of[len(words) + word, count] = of_piece[word, place]
        count += 1
    return count, special


@numba.njit
def _gathered(further, begin, end, low, kept, columns, beside):
    """What was kept of the rows of some pieces, with the days of these; and where their rows stand."""
    rows, starts, ends = further
    for place in range(end - begin):
        columns[place] = np.uint64(rows[begin + place] - low)
        beside[0][START, place], beside[0][END, place] = starts[begin + place], ends[begin + place]
    for number in range(END + 1, len(kept[0])):
        kernels.taken(kept[0][number], columns[: end - begin], beside[0][number][: end - begin])
    for number in range(len(kept[1])):
        kernels.taken(kept[1][number], columns[: end - begin], beside[1][number][: end - begin])


@numba.njit
def _seek_further(
    recipe, span, first, further, kept, words, held, marks, room, table, answers, slow, missing, lacking
):  # fmt: skip
    """Looks up the pieces of rows (``span``: from which to before which); how many are missing by then.

    ``first``: the number of the first of the rows, and how many rows are counted before all pieces.
    """
    taken_up, of_pieces, _, columns = room
    nobody, nobody_lasts = np.zeros(0, np.int64), np.zeros(0, np.int32)
    for begin in range(span[0], span[1], TOGETHER):
        end = min(begin + TOGETHER, span[1])
        _gathered(further, begin, end, first[0], kept[0], columns, kept[1])
        if len(of_pieces):
            program.all_steps(recipe, len(nobody), end - begin, nobody, held, marks, of_pieces, len(nobody))
        theirs, rows = (answers[2][begin:end], answers[3][begin:end]), columns[: end - begin]
        keys.seek(words, taken_up, rows, of_pieces, further[2][begin:end], table, theirs, nobody_lasts)
        lacking = _unknown(missing, lacking, theirs[0], slow, rows, first[1] + begin, words, of_pieces)
    return lacking


def _compiled_run(sources: int) -> Any:
    @numba.njit(cache=True, nogil=True)
    def run(recipes, checks, first_row, at, slow, words, held, memory, kept, room, pieces, answers, missing, cut):
        """Takes all steps for a few thousand rows, looks their pieces up, and goes on to the next ones.

        Without a memory, it makes the words of all rows and looks nothing up. A row that is not known whole is looked up in
        pieces, where the law cuts it. ``recipes``: of rows, of rows as pieces, of the pieces of rows; ``checks``: what the
        columns have to have in common for them to fit, and whether it holds (if not, it ends there); ``first_row``: the
        number of the first row in its batch; ``at``: the rows, where they are some of it; ``memory``: the entries, where the
        law cuts, and the numbers of what templates and legislations say; ``kept``: room for the days (in front: first and
        last of rows, and last of pieces) and marks that rows keep, and for those of pieces of rows; ``room``: for the words of
        a few thousand rows taken up, for the words and marks of as many pieces, and where their rows stand; ``pieces``: the
        first and last days of rows (or one that all
        have: then no row is cut), and room for rows and days of pieces of rows; ``answers``: of rows, and of these. How many
        pieces of rows there are (too many: as many as have to fit), how many of all are ``missing``, how many rows ``cut``,
        and how many pieces have several answers at a time or are known to go the long way.
        """
        table, until, said = bare(memory[0]), bare(memory[1]), (memory[2], memory[3])
        taken_up, of_pieces, marks, columns = bare(room[0]), bare(room[1]), bare(room[2]), bare(room[3])
        starts, ends, further = pieces
        words, slow = bare(words), bare(slow)
        templates_, legislations = bare(answers[0]), bare(answers[1])
        nobody, nobody_lasts = np.zeros(0, np.int64), np.zeros(0, np.int32)
        none = len(nobody)  # a 0 that is written as such would have all steps compiled once more
        found, lacking, parted = none, (none, none), none
        program.alike(checks[0], checks[1])
        if not checks[1].all():
            return 0, 0, 0, 0
        for low in range(0, len(slow), TOGETHER):
            if sources < 0:  # never so; it makes the number part of what is compiled
                break
            count = min(TOGETHER, len(slow) - low)
            part = slow[low : low + count]
            into = none if len(table) else low
            which = at[low : low + count] if len(at) else at
            program.all_steps(recipes[0], first_row + low, count, which, held, part, words, into)
            if not len(table):
                continue
            parted = _remembered(cut, parted, low, part, kept[0])
            taken_up[:count] = 0
            keys.mixed(words, 0, taken_up[:count], 0)
            days_of, last = kept[0][0], ends
            own = len(starts) > 0
            if own:
                last = days_of[END][:count]
                last[:] = days_of[LAST][:count]
                starts[low : low + count], ends[low : low + count] = days_of[START][:count], last
            if len(of_pieces):
                program.all_steps(recipes[1], none, count, nobody, held, marks, of_pieces, none)
            mine = templates_[low : low + count], legislations[low : low + count]
            keys.seek(words, taken_up, columns[:0], of_pieces, last, table, mine, nobody_lasts)
            first, before = found, lacking[0]
            if own:
                found = keys.in_pieces(days_of[START], last, mine[0], part, until, low, further, found)
            lacking = _unknown(missing, lacking, mine[0], part, columns[:0], low, words, of_pieces)
            if first == found or found > len(further[0]):  # too many are only counted
                continue
            lacking = _seek_further(
                recipes[2], (first, found), (low, len(slow)), further, kept, words, held, marks, room, table, answers, part,
                missing, lacking,
            )  # fmt: skip
            if lacking[0] == before:
                found = keys.joined(further, (answers[2], answers[3]), first, found, said, part, low)
        return found, lacking[0], parted, lacking[1]

    return run


def _sources() -> int:
    """A number for the text of all that is compiled into a run: what was compiled before is used only for the same."""
    texts = [Path(str(module.__file__)).read_bytes() for module in (days, kernels, keys, program, templates)]
    return zlib.crc32(b"".join([*texts, Path(__file__).read_bytes()]))


run = _compiled_run(_sources())
_NO_ROWS, _NO_DAYS = np.zeros(0, np.int64), np.zeros(0, np.int32)
_NO_WORDS, _NO_MARKS = np.zeros((0, 1), np.uint64), np.zeros(0, np.uint8)
_NO_CHECKS = np.zeros((0, 5), np.int64), np.zeros(0, np.bool_)
_NO_MEMORY = _NO_WORDS, _NO_DAYS, _NO_DAYS, _NO_DAYS
_NOTHING_KEPT = np.zeros((0, 1), np.int32), np.zeros((0, 1), np.uint8)


def steps_taken(recipe: Any, slow: Any, words: Any, raw: Any, at: Any = _NO_ROWS) -> None:
    """Takes the steps of a recipe for the rows of a batch, of which there are as many as marks in ``slow``; looks up nothing.

    ``raw``: room for the values of a few thousand rows; ``at``: the rows, where they are some of the batch.
    """
    run(
        (recipe, recipe, recipe), _NO_CHECKS, 0, at, slow, words, (program.EIGHT, raw), _NO_MEMORY, (_NOTHING_KEPT, _NOTHING_KEPT),
        (raw, _NO_WORDS, _NO_MARKS, raw), (_NO_DAYS, _NO_DAYS, (_NO_ROWS, _NO_DAYS, _NO_DAYS)),
        (_NO_DAYS, _NO_DAYS, _NO_DAYS, _NO_DAYS), (_NO_ROWS, _NO_WORDS), (_NO_ROWS, *_NOTHING_KEPT),
    )  # fmt: skip
