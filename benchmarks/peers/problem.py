"""The problem that every peer solves: a part of articles 11 to 13 and 16 of Regulation (EC) No 883/2004, on flat rows.

A person works in one Member State or two, posted or not, for at most one employer, and every row has links to two
Member States. Asked are the State whose legislation applies and the rule that it rests on; where an unknown fact
decides, the answer is "undetermined". In the order of precedence:

1. an exception agreed between authorities (telework framework) names the State: 16(1);
2. posted: for more than 24 months, or in replacement of another posted employee: the State of work, 11(3)(a);
   otherwise the sending State: 12(1) employed (undetermined where it is unknown whether somebody is replaced), 12(2)
   self-employed;
3. work in one State: 11(3)(a);
4. employed in one State and self-employed in the other: that of the employed work, 13(3);
5. employed in both: with 25 % of working time or more in the State of residence that State, 13(1)(a); with less, the
   State of the employer's seat, 13(1)(b)(i);
6. self-employed in both: likewise 13(2)(a), otherwise the centre of interest, which lies in the first State, 13(2)(b).

An unknown share or seat leaves 5 and 6 undetermined unless both rules lead to one State; then both are the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint8]
Answers = tuple[Codes, Codes]

#: the State with code n is STATES[n]; 0 is none or unknown
STATES = ("", "AT", "BE", "DE", "ES", "FR", "IE", "IT", "LU", "NL", "PL", "PT", "RO")
#: the rule with code n is RULES[n]; 0 is undetermined
RULES = (
    "", "11-3-a", "12-1", "12-2", "13-1-a", "13-1-b-i", "13-1-a 13-1-b-i", "13-2-a", "13-2-b", "13-2-a 13-2-b",
    "13-3", "16-1",
)  # fmt: skip
EMPLOYED, SELF_EMPLOYED = 1, 2
UNKNOWN_SHARE = 255
NO, YES = 1, 2
LONGEST_POSTING, SUBSTANTIAL = 24, 25


@dataclass(frozen=True)
class Rows:
    """The input, a byte per fact and row: 0 is unknown, or that there is none."""

    residence: Codes
    state1: Codes
    kind1: Codes
    share1: Codes  # percent of working time; UNKNOWN_SHARE
    state2: Codes  # 0: no second activity
    kind2: Codes
    share2: Codes
    seat: Codes
    posted_from: Codes  # 0: not posted
    months: Codes  # planned length of the posting
    replaces: Codes  # 0 unknown, NO, YES
    agreed: Codes  # 0: no agreement

    def __len__(self) -> int:
        return len(self.state1)

    def columns(self) -> dict[str, Codes]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def first(self, rows: int) -> Rows:
        return Rows(**{name: codes[:rows] for name, codes in self.columns().items()})


#: bytes of input that a row has
BYTES_PER_ROW = len(fields(Rows))


def make(rows: int, seed: int = 1) -> Rows:
    """Random rows that fit the problem: a third posted, a third in one State, a third in two."""
    random = np.random.default_rng(seed)
    places = len(STATES) - 1

    def states() -> Codes:
        return random.integers(1, places + 1, rows, dtype=np.uint8)

    def other(than: Codes) -> Codes:
        """A State that is another one."""
        found: Codes = ((than - 1 + random.integers(1, places, rows, dtype=np.uint8)) % places + 1).astype(np.uint8)
        return found

    def sometimes(share: float) -> npt.NDArray[np.bool_]:
        return random.random(rows, np.float32) < share

    def where(flag: npt.NDArray[np.bool_], yes: Codes | int, no: Codes | int) -> Codes:
        return np.where(flag, yes, no).astype(np.uint8)

    kind = random.integers(0, 3, rows, dtype=np.uint8)
    posted, two = kind == 0, kind == 2
    state1 = states()
    kind1 = where(sometimes(0.2), SELF_EMPLOYED, EMPLOYED)
    kind2 = where(two, where(sometimes(0.2), SELF_EMPLOYED, EMPLOYED), 0)
    state2 = where(two, where(sometimes(0.9), other(state1), state1), 0)
    share1 = where(two, random.integers(5, 96, rows, dtype=np.uint8), 100)
    told = ~(two & sometimes(0.1))
    residence = where(sometimes(0.6), where(two & sometimes(0.5), state2, state1), states())
    one_state = ~posted & ((state2 == 0) | (state2 == state1))
    residence = where(one_state & (residence == state1), other(state1), residence)
    residence = where(~one_state & sometimes(0.05), 0, residence)
    seat = where(sometimes(0.05), 0, where(sometimes(0.5), state1, states()))
    employed = (kind1 == EMPLOYED) | (kind2 == EMPLOYED)
    posted_from = where(posted, other(state1), 0)
    return Rows(
        residence=residence,
        state1=state1,
        kind1=kind1,
        share1=where(told, share1, UNKNOWN_SHARE),
        state2=state2,
        kind2=kind2,
        share2=where(two, where(told, 100 - share1, UNKNOWN_SHARE), 0),
        seat=where(employed, seat, 0),
        posted_from=posted_from,
        months=where(posted, random.integers(1, 37, rows, dtype=np.uint8), 0),
        replaces=where(posted & (kind1 == EMPLOYED), where(sometimes(0.1), 0, where(sometimes(0.1), YES, NO)), 0),
        agreed=where(two & sometimes(0.05), state1, 0),
    )
