"""The segments of an answer as a picture: one lane per text, one bar per segment, as SVG or in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from cleiss_rules.explain import countries, phrases, values
from cleiss_rules.explain.short import heading
from cleiss_rules.law.store import the_law
from cleiss_rules.result import Result, Segment

_WIDTH, _LANE, _LEFT, _TOP, _BAR = 900, 46, 200, 26, 26
_COLOURS = ("#2b6cb0", "#2f855a", "#b7791f", "#6b46c1", "#c05621", "#2c7a7b", "#97266d", "#4a5568")
_OPEN_COLOURS = {
    "undetermined": "#ecc94b",
    "discretionary": "#ecc94b",
    "conflict": "#e53e3e",
    "out_of_scope": "#cbd5e0",
}
_TERMINAL = ("blue", "green", "dark_orange3", "magenta", "red3", "cyan", "deep_pink4", "grey50")
_NO_TEXT = {"fr": "sans texte applicable", "en": "no text applies"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A segment on its lane: where it begins and ends, as a part of the whole period from 0 to 1."""

    segment: Segment
    lane: str
    start: float
    end: float
    label: str


def bars(result: Result, lang: str) -> list[Bar]:
    """The segments as bars; an open end is drawn a tenth of the period beyond the last day that is known."""
    if not result.segments:
        return []
    first = min(segment.from_ for segment in result.segments)
    last = _last_day(result.segments, first)
    whole = (last - first).days + 1
    return [
        Bar(
            segment,
            _lane(segment, lang),
            (segment.from_ - first).days / whole,
            ((segment.to or last) - first).days / whole + 1 / whole,
            label(segment, lang),
        )
        for segment in result.segments
    ]


def _last_day(segments: Sequence[Segment], first: date) -> date:
    ends = [segment.to for segment in segments if segment.to is not None]
    latest = max([first, *ends, *(segment.from_ for segment in segments)])
    if all(segment.to is not None for segment in segments):
        return latest
    return latest + timedelta(days=max(30, (latest - first).days // 10))


def _lane(segment: Segment, lang: str) -> str:
    if segment.instrument is None:
        return _NO_TEXT[lang]
    law = the_law()
    instrument = law.instruments[segment.instrument]
    relation = next((one.title.in_(lang) for one in instrument.relations if one.id == segment.relation), None)
    name = instrument.name.in_(lang)
    return f"{name} ({relation})" if relation and segment.relation != "eu" else name


def label(segment: Segment, lang: str) -> str:
    """What is written on a bar: the State, or the States still possible with a question mark."""
    names = [countries.name(code, lang) for code in segment.legislation]
    if segment.outcome in ("determined", "bound"):
        return f" {phrases.AND.in_(lang)} ".join(names)
    return (f" {phrases.OR.in_(lang)} ".join(names) or "–") + (" ?" if segment.outcome != "out_of_scope" else "")


def _states(result: Result) -> list[str]:
    return sorted({code for segment in result.segments for code in segment.legislation})


def svg(result: Result, lang: str) -> str:
    """The picture as inline SVG; each bar tells its days and outcome when the pointer rests on it."""
    drawn = bars(result, lang)
    lanes = list(dict.fromkeys(bar.lane for bar in drawn))
    states = _states(result)
    height = _TOP + _LANE * len(lanes) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="12" style="max-width:100%">'
    ]
    for index, lane in enumerate(lanes):
        y = _TOP + _LANE * index + _BAR / 2 + 4
        parts.append(f'<text x="{_LEFT - 8}" y="{y:.0f}" text-anchor="end">{escape(_shortened(lane, 30))}</text>')
    parts += [_svg_bar(bar, lanes.index(bar.lane), states, lang) for bar in drawn]
    return "".join([*parts, *_svg_days(drawn, lang), "</svg>"])


def _svg_bar(bar: Bar, lane: int, states: Sequence[str], lang: str) -> str:
    x, y = _x(bar.start), _TOP + _LANE * lane
    width = max(2.0, _x(bar.end) - x)
    colour = _OPEN_COLOURS.get(bar.segment.outcome) or _COLOURS[_index(bar.segment, states) % len(_COLOURS)]
    ink = "#1a202c" if bar.segment.outcome in _OPEN_COLOURS else "#ffffff"
    text = _shortened(bar.label, int(width // 7))
    return (
        f'<g><title>{escape(_told(bar.segment, lang))}</title><rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" '
        f'rx="3" fill="{colour}" stroke="#ffffff"/><text x="{x + width / 2:.1f}" y="{y + _BAR / 2 + 4:.0f}" '
        f'text-anchor="middle" fill="{ink}">{escape(text)}</text></g>'
    )


def _svg_days(drawn: Sequence[Bar], lang: str) -> list[str]:
    """First days above the lanes, left out where they would run into each other."""
    parts: list[str] = []
    free = 0.0
    for start, day in sorted({(bar.start, bar.segment.from_) for bar in drawn}):
        x = _x(start)
        if x >= free:
            parts.append(f'<text x="{x:.1f}" y="16" fill="#4a5568">{values.day(day, lang)}</text>')
            free = x + 115
    return parts


def _x(part: float) -> float:
    return _LEFT + part * (_WIDTH - _LEFT - 8)


def _index(segment: Segment, states: Sequence[str]) -> int:
    return states.index(segment.legislation[0]) if segment.legislation else 0


def _told(segment: Segment, lang: str) -> str:
    causes = phrases.SEMICOLON.in_(lang).join(getattr(cause, lang) for cause in segment.causes)
    return heading(segment, lang) + (f" {phrases.CAUSES.in_(lang)}{phrases.COLON.in_(lang)}{causes}." if causes else "")


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return text[: most - 1] + "…" if most > 1 else ""


def terminal_rows(result: Result, lang: str, width: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """Lanes for a terminal: the name, and pieces of text with the style of each; every lane is ``width`` wide."""
    drawn = bars(result, lang)
    states = _states(result)
    rows: list[tuple[str, list[tuple[str, str]]]] = []
    for lane in dict.fromkeys(bar.lane for bar in drawn):
        pieces: list[tuple[str, str]] = []
        at = 0
        for bar in (bar for bar in drawn if bar.lane == lane):
            start, end = round(bar.start * width), max(round(bar.end * width), round(bar.start * width) + 1)
            if start > at:
                pieces.append((" " * (start - at), ""))
            room = end - max(start, at)
            text = _shortened(bar.label, room - 2) if room > 2 else ""
            pieces.append((text.center(room), _style(bar.segment, states)))
            at = end
        rows.append((lane, pieces))
    return rows


def _style(segment: Segment, states: Sequence[str]) -> str:
    if segment.outcome in _OPEN_COLOURS:
        return {"conflict": "white on red", "out_of_scope": "black on grey70"}.get(segment.outcome, "black on yellow")
    return f"bold white on {_TERMINAL[_index(segment, states) % len(_TERMINAL)]}"
