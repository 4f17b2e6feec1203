"""Points to compare that no clause tells by itself: nationality, leave, third States, branches, institutions, forms.

Each is made from what the file of the instrument says elsewhere, so that a table and an answer can't disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from cleiss_rules.clauses import Row, row, untold, weakest
from cleiss_rules.explain import countries
from cleiss_rules.explain.own_laws import NAMES as BRANCH_NAMES
from cleiss_rules.law.model import BRANCHES, Clause, Coverage, Instrument, Source, Text

_KEPT = Text("{branches} (quand la législation {of} est maintenue)", "{branches} (where the legislation {of} is kept)")
_ALL = Text("toutes", "all")
_OUTSIDE = Text("hors du texte : {branches}", "outside the text: {branches}")
_HOST = Text("au lieu de travail : {branches}", "to the place of work: {branches}")
_UNTOLD = Text("non dit : {branches}", "not told: {branches}")


def derived(instrument: Instrument, name: str, day: date) -> Row:
    """One of these points as it stands on a day; unknown where nothing in the file tells."""
    return _MADE[name](instrument, day)


def _row(instrument: Instrument, name: str, text: Text, cite: str, sources: Sequence[Source]) -> Row:
    clause = Clause(name, "yes", None, None, None, (), cite, sources[0])
    return Row(instrument, clause, None, weakest(source.grade for source in sources), text)


def _nationality(instrument: Instrument, _day: date) -> Row:
    found = next((one for one in instrument.covers if one.what == "nationality"), None)
    if found is None or found.value.en == "unknown":
        return untold(instrument, "nationality", "personal scope")
    return _row(instrument, "nationality", found.value, "personal scope", [found.source])


def _leave(instrument: Instrument, day: date) -> Row:
    posting = next((row(instrument, one, day) for one in instrument.clauses if one.id == "posting"), None)
    counted = posting.clause.leave_counted if posting is not None else None
    if posting is None or counted not in ("yes", "no"):
        return untold(instrument, "leave", posting.clause.cite if posting is not None else "posting clause")
    text = {"yes": Text("compris dans la durée du détachement", "counted in the length of the posting")}.get(
        counted, Text("non compris dans la durée du détachement", "not counted in the length of the posting")
    )
    return _row(instrument, "leave", text, posting.clause.cite, [posting.clause.source])


def _third_state(instrument: Instrument, day: date) -> Row:
    """What the rules say of a worker sent on from a third State."""
    for rule in instrument.rules:
        if day in rule.valid.span and _asks_for(rule.where, *rule.when, path="posting.via_state"):
            if rule.then.gap is not None:
                return untold(instrument, "third_state", rule.cite)
            said = next(one for one in rule.when if _asks_for(one, path="posting.via_state"))
            return _row(instrument, "third_state", said.say or rule.title, rule.cite, [rule.source])
    return untold(instrument, "third_state", "posting clause")


def _asks_for(*conditions: object, path: str) -> bool:
    return any(path in str(getattr(condition, "text", "")) for condition in conditions)


def _branches(instrument: Instrument, day: date) -> Row:
    in_force = [one for one in instrument.branches if day in one.valid.span]
    if not in_force:
        return untold(instrument, "branches", "scope")
    texts = [Text(_coverage(one, "fr"), _coverage(one, "en")) for one in in_force]
    text = Text(" ; ".join(one.fr for one in texts), "; ".join(one.en for one in texts))
    return _row(instrument, "branches", text, in_force[0].cite, [one.source for one in in_force])


def _coverage(one: Coverage, lang: str) -> str:
    colon = {"fr": " ; ", "en": "; "}[lang]
    covers = _ALL.in_(lang) if len(one.covers) == len(BRANCHES) else _names(one.covers, lang)
    if one.kept is not None and covers:
        of = countries.of(one.kept) if lang == "fr" else f"of {countries.the(one.kept, lang)}"
        covers = _KEPT.in_(lang).format(branches=covers, of=of)
    parts = [covers] if covers else []
    left = [name for name in BRANCHES if name not in (*one.covers, *one.outside, *one.host)]
    for label, names in ((_OUTSIDE, one.outside), (_HOST, one.host), (_UNTOLD, left)):
        if names:
            parts.append(label.in_(lang).format(branches=_names(names, lang)))
    return colon.join(parts)


def _names(branches: Sequence[str], lang: str) -> str:
    return ", ".join(BRANCH_NAMES[name].in_(lang) for name in BRANCHES if name in branches)


def _bodies(instrument: Instrument, day: date) -> Row:
    found = [one for one in instrument.bodies if day in one.span]
    if not found:
        return untold(instrument, "bodies", "scope")
    told = [
        joint.join(dict.fromkeys(f"{countries.name(one.state, lang)}{colon}{one.name.in_(lang)}" for one in found))
        for lang, joint, colon in (("fr", " ; ", " : "), ("en", "; ", ": "))
    ]
    return _row(instrument, "bodies", Text(*told), "scope", [one.source for one in found])


def _forms(instrument: Instrument, day: date) -> Row:
    told = [row(instrument, one, day) for one in instrument.clauses if one.forms_on(day)]
    if not told:
        return untold(instrument, "forms", "posting clause")
    names = Text(*(", ".join(dict.fromkeys(one.form(lang) for one in told)) for lang in ("fr", "en")))
    return _row(instrument, "forms", names, told[0].clause.cite, [one.clause.source for one in told])


_MADE: dict[str, Callable[[Instrument, date], Row]] = {
    "nationality": _nationality,
    "leave": _leave,
    "third_state": _third_state,
    "branches": _branches,
    "bodies": _bodies,
    "forms": _forms,
}
