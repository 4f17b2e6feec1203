"""Values of facts and parameters in words: dates, lengths, shares, States, statuses."""

from __future__ import annotations

from datetime import date
from typing import Any

from cleiss_rules.calendar import Period, Span, whole_months
from cleiss_rules.engine.proof import FactUsed
from cleiss_rules.explain import countries
from cleiss_rules.facts.sets import KnownSet
from cleiss_rules.law.model import FactSpec, Law, Text

_MONTHS = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_UNITS = {
    "fr": {"years": ("an", "ans"), "months": ("mois", "mois"), "days": ("jour", "jours")},
    "en": {"years": ("year", "years"), "months": ("month", "months"), "days": ("day", "days")},
}
_YEARS_FROM = 36
_YES_NO = {"fr": ("oui", "non"), "en": ("yes", "no")}
UNKNOWN = {"fr": "inconnu", "en": "unknown"}
_NONE = {"fr": "aucun", "en": "none"}
#: lengths whose first day is arbitrary where a case only tells a number of months
_LENGTHS = frozenset(
    ("posting_since", "posting.duration", "posting.since_first", "cumulated_posting", "elapsed_posting")
)


def day(value: date, lang: str) -> str:
    """1er janvier 2026; 1 January 2026."""
    number = "1er" if lang == "fr" and value.day == 1 else str(value.day)
    return f"{number} {_MONTHS[lang][value.month - 1]} {value.year}"


def days(first: date, last: date | None, lang: str) -> str:
    """Du … au …; from … to …; open-ended without a last day."""
    if last == first:
        return f"le {day(first, lang)}" if lang == "fr" else f"on {day(first, lang)}"
    if first == date.min:
        return length_end(last, lang)
    if last is None:
        return f"à partir du {day(first, lang)}" if lang == "fr" else f"from {day(first, lang)} on"
    if lang == "fr":
        return f"du {day(first, lang)} au {day(last, lang)}"
    return f"from {day(first, lang)} to {day(last, lang)}"


def length_end(last: date | None, lang: str) -> str:
    """Days without a known beginning."""
    if last is None:
        return "sans limite" if lang == "fr" else "without limit"
    return f"jusqu'au {day(last, lang)}" if lang == "fr" else f"until {day(last, lang)}"


def period(value: Period, lang: str) -> str:
    """24 mois, 3 ans, 1 jour; 24 months, 3 years, 1 day. Years from three years on."""
    count, unit = value.count, value.unit
    if unit == "months" and count >= _YEARS_FROM and count % 12 == 0:
        return _counted(count // 12, _UNITS[lang]["years"])
    return _counted(count, _UNITS[lang][unit])


def _counted(count: int, words: tuple[str, str]) -> str:
    return f"{count} {words[0] if count == 1 else words[1]}"


def length(span: Span, lang: str) -> str:
    """The length of closed days: 18 mois et 3 jours."""
    if span.end is None:
        return "sans fin connue" if lang == "fr" else "without a known end"
    if span.end < span.start:
        return period(Period(0, "days"), lang)
    months, left = whole_months(span)
    years = months // 12 if months >= _YEARS_FROM else 0
    parts = [_counted(years, _UNITS[lang]["years"])] if years else []
    months -= 12 * years
    parts += [_counted(months, _UNITS[lang]["months"])] if months else []
    parts += [_counted(left, _UNITS[lang]["days"])] if left or not parts else []
    last = parts.pop()
    return f"{', '.join(parts)}{' et ' if lang == 'fr' else ' and '}{last}" if parts else last


def span(value: Span, lang: str) -> str:
    """Days and their length."""
    if value.start == date.min or value.end is None:
        return days(value.start, value.end, lang)
    if value.end < value.start:
        return _NONE[lang]
    return f"{days(value.start, value.end, lang)} ({length(value, lang)})"


def percent(value: float, lang: str) -> str:
    """24,9 %; 24.9%."""
    text = f"{value:.10g}"
    return f"{text.replace('.', ',')} %" if lang == "fr" else f"{text}%"


def value_text(value: Any, lang: str, law: Law, spec: FactSpec | None = None) -> str:
    """A value in words; ``spec`` is the fact it belongs to, where there is one."""
    if value is None:
        return UNKNOWN[lang]
    if isinstance(value, bool):
        return _YES_NO[lang][0 if value else 1]
    if isinstance(value, Span):
        return span(value, lang)
    if isinstance(value, Period):
        return period(value, lang)
    if isinstance(value, date):
        return day(value, lang)
    if isinstance(value, KnownSet):
        members = sorted(_word(str(item), lang, law, spec) for item in value.may)
        return (", ".join(members) or _NONE[lang]) + (", …" if value.open else "")
    if isinstance(value, float) and (spec is None or spec.type == "percent"):
        return percent(value, lang)
    return _word(str(value), lang, law, spec)


def _word(text: str, lang: str, law: Law, spec: FactSpec | None) -> str:
    if spec is not None and text in spec.words:
        return spec.words[text].in_(lang)
    return countries.name(text, lang) if text in law.states and (spec is None or "state" in spec.type) else text


_NO_EARLIER = Text("aucun détachement précédent", "no earlier posting")


def fact_text(used: FactUsed, lang: str, law: Law) -> str:
    """A fact with its value: *part du temps de travail salarié (France) : 24,9 %*."""
    spec = law.facts[used.name]
    label = spec.label.in_(lang)
    if isinstance(used.argument, str) and used.argument in law.states:
        label += f" ({countries.name(used.argument, lang)})"
    if used.owner is not None:
        label += f", {used.owner}"
    value = used.value
    if used.name == "posting.gap" and value == Span(date.min, None):
        text = _NO_EARLIER.in_(lang)
    elif isinstance(value, Span) and used.name in _LENGTHS and not used.dated:
        text = length(value, lang)
    else:
        text = value_text(value, lang, law, spec)
    return f"{label} : {text}" if lang == "fr" else f"{label}: {text}"
