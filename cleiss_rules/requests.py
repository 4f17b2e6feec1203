"""What becomes of a request (*demande*): the second of the two questions that the library answers.

A request is decided by determining what applies with and without what is asked for, and by the clauses of the instrument
that binds. What the law leaves to authorities is never refused here: it comes out with what speaks for and against it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from cleiss_rules import request_words as words
from cleiss_rules.answers import basis_entry, gap_of, weakest
from cleiss_rules.calendar import Period, Span, fits, last_day
from cleiss_rules.certificate import certificate
from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.proof import Proof
from cleiss_rules.engine.questions import LawGap, Questioner
from cleiss_rules.engine.reference import Outcome, resolve
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.engine.truth import FALSE, TRUE, UNKNOWN
from cleiss_rules.facts.case import Activity, Case, CasePeriod
from cleiss_rules.facts.postings import unbroken_start
from cleiss_rules.facts.situation import Situation
from cleiss_rules.law.model import Clause, Instrument, Law
from cleiss_rules.request_filing import deadlines, filed_with
from cleiss_rules.result import Alternative, Basis, Consideration, Days, Decision, Gap, Missing, Segment, Words

Determine = Callable[[Case], Sequence[Segment]]


@dataclass(frozen=True, slots=True)
class _File:
    """A request with what is determined for the days it asks for, as if it were granted so far as the law goes."""

    case: Case
    asked: Span
    state: str
    engine: RuleSets
    determine: Determine
    segments: Sequence[Segment]

    @property
    def law(self) -> Law:
        return self.engine.law

    @property
    def kind(self) -> str:
        assert self.case.request is not None
        return self.case.request.kind

    @property
    def instrument(self) -> Instrument | None:
        name = next((segment.instrument for segment in self.segments if segment.instrument), None)
        return self._leaving_out() or (self.law.instruments[name] if name is not None else None)

    def _leaving_out(self) -> Instrument | None:
        """The agreement of a national's two States whose scope leaves out the self-employed: its clause answers, not silence."""
        posted = _posted(self.case)
        if posted is None or posted.kind != "self_employed" or posted.posting is None:
            return None
        sides, nationals = {posted.posting.from_state, posted.state}, set(self.case.person.nationalities or ())
        return next(
            (one for one in self.law.instruments.values() if _leaves_out(one, sides, self.asked) and nationals & sides),
            None,
        )

    @property
    def self_employed(self) -> bool:
        posted = _posted(self.case)
        return posted is not None and posted.kind == "self_employed"

    def clause(self, name: str) -> Clause | None:
        """The clause of the instrument for the kind of work at hand."""
        full = f"self_employed_{name}" if self.self_employed else name
        instrument = self.instrument
        return next((one for one in instrument.clauses if one.id == full), None) if instrument is not None else None


def _leaves_out(instrument: Instrument, sides: set[str | None], asked: Span) -> bool:
    """Whether an agreement between these two States, in force on the first day asked for, has no posting of the self-employed."""
    bilateral = instrument.kind == "bilateral" and instrument.status == "in_force" and sides <= set(instrument.states)
    return (
        bilateral
        and asked.start in instrument.valid.span
        and any(one.id == "self_employed_posting" and one.allowed == "no" for one in instrument.clauses)
    )


def decide(case: Case, engine: RuleSets, determine: Determine) -> Decision | None:
    """What becomes of the request of a case; None where nothing is asked for."""
    request = case.request
    if request is None:
        return None
    asked = _asked(case)
    state = request.legislation or _sending_state(case)
    if asked is None or state is None:
        return _incomplete(case, asked, state)
    as_wished = _as_one_posting(case, asked)
    file = _File(case, asked, state, engine, determine, determine(as_wished))
    return _finished(file, _DECIDERS[request.kind](file))


def _asked(case: Case) -> Span | None:
    request = case.request
    assert request is not None
    if request.from_ is not None:
        return Span(request.from_, request.to)
    posted = _posted(case)
    return posted.span if posted is not None and posted.from_ is not None else None


def _posted(case: Case) -> Activity | None:
    return next((activity for activity in case.activities if activity.posting is not None), None)


def _sending_state(case: Case) -> str | None:
    posted = _posted(case)
    return posted.posting.from_state if posted is not None and posted.posting is not None else None


def _as_one_posting(case: Case, asked: Span) -> Case:
    """The case for the days asked for, the posting lasting until their end."""
    activities = tuple(
        activity.model_copy(update={"to": asked.end})
        if activity.posting is not None and activity.to is not None and (asked.end is None or activity.to < asked.end)
        else activity
        for activity in case.activities
    )
    period = CasePeriod(from_=asked.start, to=asked.end)
    return case.model_copy(update={"activities": activities, "period": period, "request": None})


def _incomplete(case: Case, asked: Span | None, state: str | None) -> Decision:
    assert case.request is not None
    missing = []
    if asked is None:
        missing.append(Missing.made(fact="request.from", path="request.from", question=words.WHEN))
    if state is None:
        missing.append(Missing.made(fact="request.legislation", path="request.legislation", question=words.WHOSE))
    return Decision.made(request=case.request.kind, outcome="needs_facts", legislation=state, missing=tuple(missing))


def _posting(file: _File) -> Decision:
    """A posting, or from the other side an exemption from the host State's legislation."""
    outcomes = {segment.outcome for segment in file.segments}
    states = {segment.legislation for segment in file.segments}
    if outcomes <= {"determined", "bound"} and states == {(file.state,)}:
        return _granted(file)
    clause = file.clause("posting") if file.self_employed else None
    if clause is not None and clause.allowed == "no" and file.instrument is not None:
        refused = _refused(file, words.no_self_employed_posting(file.instrument, clause))
        return refused.model_copy(update={"basis": (words.clause_basis(file.instrument, clause),)})
    if _no_posting_rule_can_be_met(file.segments):
        return _refused(file, *_why_not(file))
    if "undetermined" in outcomes:
        return _open(file, "needs_facts")
    if "discretionary" in outcomes:
        return _open(file, "discretionary")
    return _refused(file, *_why_not(file))


def _no_posting_rule_can_be_met(segments: Sequence[Segment]) -> bool:
    """Whether the rules that keep a posted person under the sending State's law all fail, whatever applies instead."""
    findings = [finding for segment in segments if segment._proof is not None for finding in segment._proof.findings]
    postings = [finding for finding in findings if finding.rule.then.value == ["fact", "posting.from_state"]]
    concerned = [finding for finding in postings if any(item.applies != FALSE for item in finding.items)]
    return bool(concerned) and all(finding.truth == FALSE for finding in concerned)


def _prolongation(file: _File) -> Decision:
    """A further period: within the initial one if it still fits, else by the clause on prolongations."""
    outcomes = {segment.outcome for segment in file.segments}
    if outcomes <= {"determined", "bound"} and {segment.legislation for segment in file.segments} == {(file.state,)}:
        return _granted(file)
    clause = file.clause("prolongation")
    if clause is None or file.instrument is None:
        return _open(file, "needs_facts") if outcomes & {"undetermined"} else _refused(file, *_why_not(file))
    if clause.allowed == "by_exception_agreement":
        return _by_agreement(file, clause)
    if clause.allowed == "no":
        return _refused(file, words.no_prolongation(file.instrument, clause))
    if clause.allowed != "yes":
        return _unknown(file, clause)
    longest = _longest(file.instrument, clause)
    if longest == "unknown":
        return _unknown(file, clause)
    if isinstance(longest, Period) and not fits(file.asked, longest):
        return _refused(file, words.too_long(longest, clause), end=last_day(file.asked.start, longest))
    used_up = _used_up(file, clause)
    if used_up is not None:
        return used_up
    if clause.decided_by in (None, "unknown"):
        return _unknown(file, clause)
    if clause.decided_by == "joint":
        return _by_agreement(file, clause)
    return _granted(file, clause)


def _used_up(file: _File, clause: Clause) -> Decision | None:
    """The refusal of a prolongation beyond the longest posting in all, or of one more than there may be."""
    assert file.instrument is not None
    total, times = (_limit(file.instrument, name) for name in (clause.total, clause.times))
    earlier = sum(1 for one in file.case.agreements if one.legislation == file.state and _before(one.span, file.asked))
    if isinstance(times, int | float) and earlier >= times:
        return _refused(file, words.prolonged_already(int(times), clause))
    posted = _posted(file.case)
    start = unbroken_start(posted) if posted is not None else None
    if not isinstance(total, Period) or start is None:
        return None
    end = last_day(start, total)
    if file.asked.end is not None and file.asked.end <= end:
        return None
    return _refused(file, words.too_long_in_all(total, clause), end=end)


def _before(earlier: Span, asked: Span) -> bool:
    return earlier.end is not None and earlier.end < asked.start


def _limit(instrument: Instrument, name: str | None) -> object:
    parameter = instrument.parameters.get(name or "")
    return parameter.values[-1].value if parameter is not None else None


def _maintenance(file: _File) -> Decision:
    """An individual exception: never of right, decided by the authorities of both sides."""
    clause = file.clause("derogation")
    if clause is None or file.instrument is None:
        return _open(file, "needs_facts") if any(s.missing for s in file.segments) else _refused(file, words.NO_TEXT)
    if clause.allowed == "no":
        return _refused(file, words.no_derogation(file.instrument, clause))
    return _by_agreement(file, clause) if clause.allowed == "yes" else _unknown(file, clause)


def _exemption(file: _File) -> Decision:
    return _posting(file)


def _telework(file: _File) -> Decision:
    """The framework agreement on telework; where it does not fit, an individual exception can be asked for."""
    if {segment.legislation for segment in file.segments} == {(file.state,)}:
        return Decision.made(request=file.kind, outcome="not_needed", reasons=(words.not_needed(file.state),))
    proof = next((segment._proof for segment in file.segments if segment._proof is not None), None)
    if proof is None:
        return _refused(file, words.NO_TEXT)
    findings = _telework_findings(file, proof)
    if findings is None:
        return _refused(file, words.NO_TEXT)
    env, found = findings
    answer = resolve([finding for finding in found if finding.truth != FALSE], proof.rules.defeaters)
    if answer.outcome is Outcome.DETERMINED and answer.states == (file.state,):
        basis = tuple(basis_entry(file.law, finding.rule, "decides") for finding in answer.standing)
        return _granted(file, basis=basis, documents=("A1",))
    if answer.outcome is Outcome.UNDETERMINED:
        parts = words.open_parts(Questioner(proof.rules, env).open(answer.open), proof, file.case)
        return Decision.made(request=file.kind, outcome="needs_facts", **parts)
    missed = [words.missed(finding, item) for finding in found for item in finding.items if item.truth == FALSE]
    return _refused(file, *missed)


def _telework_findings(file: _File, proof: Proof) -> tuple[Env, list] | None:  # type: ignore[type-arg]
    """How the rules of the framework agreement fare on the situation with the request in it."""
    situation = Situation(file.case, Span(file.asked.start, file.asked.start))
    env = proof.rules.env(situation)
    found = proof.rules.findings("telework_exception", env)
    return (env, found) if found else None


_DECIDERS: dict[str, Callable[[_File], Decision]] = {
    "posting": _posting,
    "prolongation": _prolongation,
    "exceptional_maintenance": _maintenance,
    "exemption": _exemption,
    "telework_exception": _telework,
}


def _granted(
    file: _File, clause: Clause | None = None, basis: tuple[Basis, ...] | None = None, documents: tuple[str, ...] = ()
) -> Decision:
    segments = file.segments
    own = basis if basis is not None else tuple(dict.fromkeys(entry for s in segments for entry in s.basis))
    deciders = (file.state,) if clause is not None or basis is not None else _all(s.decided_by for s in segments)
    forms = documents or ((clause.form,) if clause is not None and clause.form else _all(s.documents for s in segments))
    return Decision.made(
        request=file.kind, outcome="granted", decided_by=deciders, granted=Days.made(from_=file.asked.start, to=file.asked.end),
        latest_end=_latest_end(file), basis=own, documents=forms, reasons=tuple(words.because(file.segments)),
    )  # fmt: skip


def _by_agreement(file: _File, clause: Clause) -> Decision:
    instrument = file.instrument
    assert instrument is not None
    states = instrument.states or tuple(dict.fromkeys((file.state, *_all(s.legislation for s in file.segments))))
    return Decision.made(
        request=file.kind, outcome="needs_agreement", decided_by=states, basis=(words.clause_basis(instrument, clause),),
        documents=(clause.form,) if clause.form else (), considerations=_considerations(file),
        reasons=(words.agreement_needed(states, clause),),
    )  # fmt: skip


def _refused(file: _File, *reasons: Words, end: date | None = None) -> Decision:
    segments = file.segments
    return Decision.made(
        request=file.kind, outcome="refused", reasons=reasons, latest_end=end, alternatives=tuple(_alternatives(file, end)),
        decided_by=(file.state,), basis=tuple(dict.fromkeys(entry for s in segments for entry in s.basis)),
    )  # fmt: skip


def _open(file: _File, outcome: str) -> Decision:
    segments = file.segments
    gaps = tuple(dict.fromkeys(gap for segment in segments for gap in segment.gaps))
    found = [one for segment in segments for one in segment.discretion]
    weighed = tuple(
        Consideration.made(speaks="open", text=one.criterion, grade="verified", source=None)
        for one in dict.fromkeys(found)
    )
    return Decision.made(
        request=file.kind, outcome=outcome, missing=tuple(dict.fromkeys(m for s in segments for m in s.missing)), gaps=gaps,
        considerations=weighed, decided_by=_all(s.decided_by for s in segments),
    )  # fmt: skip


def _unknown(file: _File, clause: Clause) -> Decision:
    """The sources do not tell what the clause says: the article has to be read."""
    instrument = file.instrument
    assert instrument is not None
    longest = instrument.parameters.get(
        clause.longest or ""
    )  # where only the length is unknown, that is what has to be read
    said = (
        longest.title if longest is not None and _longest(instrument, clause) == "unknown" else words.CLAUSES[clause.id]
    )
    gap: Gap = gap_of(LawGap(instrument.id, clause.id, clause.cite, said, clause.id), file.law)
    return Decision.made(request=file.kind, outcome="needs_facts", gaps=(gap,))


def _why_not(file: _File) -> list[Words]:
    return words.against(file.segments, file.state) or [words.NOT_UNDER_THAT_STATE]


def _latest_end(file: _File) -> date | None:
    """The last day to which the posting could be planned at all, where the text sets a limit."""
    instrument, clause, posted = file.instrument, file.clause("posting"), _posted(file.case)
    if instrument is None or clause is None or posted is None or posted.from_ is None:
        return None
    longest = _longest(instrument, clause)
    return last_day(posted.from_, longest) if isinstance(longest, Period) else None


def _longest(instrument: Instrument, clause: Clause) -> Period | str | None:
    parameter = instrument.parameters.get(clause.longest or "")
    if parameter is None:
        return clause.longest
    value = parameter.values[-1].value
    return value if isinstance(value, Period) else "unknown"


def _alternatives(file: _File, end: date | None) -> list[Alternative]:
    found: list[Alternative] = []
    shorter = end or _shorter(file)
    if shorter is not None and shorter >= file.asked.start:
        found.append(words.shorter(file.kind, shorter))
    derogation = file.clause("derogation")
    if file.kind != "exceptional_maintenance" and derogation is not None and derogation.allowed == "yes":
        instrument = file.instrument
        assert instrument is not None
        found.append(words.exception(derogation, instrument.states))
    return found


def _shorter(file: _File) -> date | None:
    """The latest end with which the same posting would be accepted."""
    latest = _latest_end(file)
    if latest is None or (file.asked.end is not None and latest >= file.asked.end) or latest < file.asked.start:
        return None
    case = file.case.model_copy(
        update={
            "activities": tuple(a.model_copy(update={"to": latest}) if a.posting else a for a in file.case.activities),
            "period": CasePeriod(from_=file.asked.start, to=latest),
            "request": None,
        }
    )
    return latest if {segment.legislation for segment in file.determine(case)} == {(file.state,)} else None


def _considerations(file: _File) -> tuple[Consideration, ...]:
    """What an officer weighs, by the practice that the law files tell."""
    situation = Situation(file.case, Span(file.asked.start, file.asked.start))
    found: list[Consideration] = []
    for instrument in file.law.instruments.values():
        if not instrument.considerations:
            continue
        rules = file.engine.get(instrument, None, file.asked.start, date.max)
        env = rules.env(situation)
        for one in instrument.considerations:
            value = rules.evaluate(one.condition, env, None, boolean=True)
            side, text = ("for", one.in_favour) if value == TRUE else ("against", one.against)
            if value == UNKNOWN:
                side, text = "open", one.open
            found.append(
                Consideration.made(speaks=side, text=words.both(text), grade=one.source.grade, source=one.source.url)
            )
    return tuple(found)


def _finished(file: _File, decision: Decision) -> Decision:
    """The decision with what every one of them tells: whose legislation, under which text, filed where and when."""
    instrument = file.instrument
    paper = None
    if decision.outcome == "granted" and decision.granted is not None and decision.documents:
        paper = certificate(file.case, file.law, decision.documents[0], file.state, decision.granted, decision.basis)
    return decision.model_copy(
        update={
            "certificate": paper,
            "legislation": file.state,
            "instrument": instrument.id if instrument is not None else None,
            "grade": weakest(decision.basis),
            "filed_with": filed_with(file.law, instrument, file.state, file.case),
            "deadlines": deadlines(file.law, instrument, file.kind, file.asked, file.state),
        }
    )


def _all(parts: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for part in parts for one in part))  # type: ignore[attr-defined]
