"""What becomes of a request (*demande*): the second of the two questions that the library answers.

A request is decided by determining what applies with and without what is asked for, and by the clauses of the instrument
that binds. What the law leaves to authorities is never refused here: it comes out with what speaks for and against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from cleiss_rules import request_periods as periods
from cleiss_rules import request_words as words
from cleiss_rules.admissibility import admissibility, follow_up
from cleiss_rules.answers import basis_entry, deciders_of, gap_of, weakest
from cleiss_rules.calendar import ONE_DAY, Period, Span, fits
from cleiss_rules.certificate import certificate
from cleiss_rules.drafts import draft
from cleiss_rules.engine.findings import Finding
from cleiss_rules.engine.proof import Proof
from cleiss_rules.engine.questions import LawGap, Questioner
from cleiss_rules.engine.reference import Outcome, resolve
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.engine.truth import FALSE, TRUE
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.situation import Situation
from cleiss_rules.law.model import Clause, Instrument, Rule
from cleiss_rules.request_alternatives import alternatives, latest_end
from cleiss_rules.request_considerations import as_one_posting, considerations
from cleiss_rules.request_file import Determine, RequestFile, posted_activity
from cleiss_rules.request_filing import deadlines, filed_with
from cleiss_rules.request_texts import by_another_text
from cleiss_rules.result import Basis, Consideration, Days, Decision, FiledWith, Gap, Missing, Segment, Words

T = TypeVar("T")


def decide(case: Case, engine: RuleSets, determine: Determine) -> Decision | None:
    """What becomes of the request of a case; None where nothing is asked for."""
    request = case.request
    if request is None:
        return None
    asked = _asked(case)
    state = request.legislation or _sending_state(case) or _pension_state(case)
    if asked is None or state is None:
        return _incomplete(case, asked, state)
    told = {"legislation": state, "from_": asked.start, "to": asked.end}
    case = case.model_copy(update={"request": request.model_copy(update=told)})
    file = RequestFile(
        case,
        asked,
        state,
        engine,
        determine,
        determine(as_one_posting(case, asked).model_copy(update={"request": None})),
    )
    return _finished(file, _DECIDERS[request.kind](file))


def _asked(case: Case) -> Span | None:
    request = case.request
    assert request is not None
    if request.from_ is not None:
        return Span(request.from_, request.to)
    posted = posted_activity(case)
    return posted.span if posted is not None and posted.from_ is not None else None


def _sending_state(case: Case) -> str | None:
    posted = posted_activity(case)
    return posted.posting.from_state if posted is not None and posted.posting is not None else None


def _pension_state(case: Case) -> str | None:
    """The one State that pays a pension to a person who asks for an exemption."""
    assert case.request is not None
    if case.request.kind != "exemption":
        return None
    states = {one.state for one in case.person.benefits or () if one.kind.startswith("pension_") and one.state}
    return states.pop() if len(states) == 1 else None


def _incomplete(case: Case, asked: Span | None, state: str | None) -> Decision:
    assert case.request is not None
    missing = []
    if asked is None:
        missing.append(Missing.made(fact="request.from", path="request.from", question=words.WHEN))
    if state is None:
        missing.append(Missing.made(fact="request.legislation", path="request.legislation", question=words.WHOSE))
    return Decision.made(request=case.request.kind, outcome="needs_facts", legislation=state, missing=tuple(missing))


def _posting(file: RequestFile) -> Decision:
    """A posting, or from the other side an exemption from the host State's legislation."""
    outcomes = {segment.outcome for segment in file.segments}
    states = {segment.legislation for segment in file.segments}
    if outcomes <= {"determined", "bound"} and states == {(file.state,)}:
        return _granted(file)
    clause = file.clause("posting") if file.self_employed else None
    if clause is not None and clause.allowed == "no":
        return _not_provided(file, clause)
    if _no_posting_rule_can_be_met(file.segments):
        return _refused(file, _why_not(file))
    if "undetermined" in outcomes:
        return _open(file, "needs_facts")
    if "discretionary" in outcomes:
        return _open(file, "discretionary")
    return _refused(file, _why_not(file))


def _no_posting_rule_can_be_met(segments: Sequence[Segment]) -> bool:
    """Whether the rules that keep a posted person under the sending State's law all fail, whatever applies instead.

    Where it is open which text applies, another one may still allow what is asked for.
    """
    proofs = [segment._proof for segment in segments if segment._proof is not None]
    if any(proof.scope and all(finding.truth != TRUE for finding in proof.scope) for proof in proofs):
        return False
    findings = [finding for segment in segments if segment._proof is not None for finding in segment._proof.findings]
    postings = [finding for finding in findings if words.of_posting(finding.rule)]
    concerned = [finding for finding in postings if any(item.applies != FALSE for item in finding.items)]
    return bool(concerned) and all(finding.truth == FALSE for finding in concerned)


def _prolongation(file: RequestFile) -> Decision:
    """A further period: within the initial one if it still fits, else by the clause on prolongations."""
    outcomes = {segment.outcome for segment in file.segments}
    if outcomes <= {"determined", "bound"} and {segment.legislation for segment in file.segments} == {(file.state,)}:
        return _granted(file)
    clause = file.clause("prolongation")
    if clause is None or file.instrument is None:
        if "undetermined" in outcomes:
            return _open(file, "needs_facts")
        return by_another_text(file, "prolongation") or _refused(file, _why_not(file))
    if clause.allowed == "by_exception_agreement":
        return _by_agreement(file, clause)
    if clause.allowed == "no":
        return by_another_text(file, "prolongation") or _not_provided(file, clause)
    if clause.allowed != "yes":
        return _unknown(file, clause)
    longest = periods.longest(file.instrument, clause, file.asked.start)
    if longest == "unknown":
        return _unknown(file, clause)
    refused = _too_often(file, clause) or _over(file, file.instrument, clause, longest)
    if refused is not None:
        return refused
    if clause.decided_by in (None, "unknown"):
        return _decider_unknown(file, clause, longest)
    if clause.decided_by == "joint":
        return _by_agreement(file, clause)
    return _granted(file, clause)


def _too_often(file: RequestFile, clause: Clause) -> Decision | None:
    """The refusal of one prolongation more than there may be."""
    assert file.instrument is not None
    times = _limit(file.instrument, clause.times, file.asked.start)
    earlier = sum(1 for one in file.case.agreements if one.legislation == file.state and _before(one.span, file.asked))
    if not isinstance(times, int | float) or earlier < times:
        return None
    return _refused(file, words.prolonged_already(int(times), clause), clause=clause)


def _before(earlier: Span, asked: Span) -> bool:
    return earlier.end is not None and earlier.end < asked.start


def _limit(instrument: Instrument, name: str | None, day: date) -> object:
    """A limit that a clause names, as it is in force on a day."""
    parameter = instrument.parameters.get(name or "")
    found = parameter.at("", day) if parameter is not None else None
    return found.value if found is not None else None


def _over(file: RequestFile, instrument: Instrument, clause: Clause, longest: Period | str | None) -> Decision | None:
    """The refusal of a prolongation that is too long with what counts before it; None where it fits."""
    posted, initial = posted_activity(file.case), file.clause("posting")
    further = longest if isinstance(longest, Period) else None
    first = periods.longest(instrument, initial, file.asked.start) if initial is not None else None
    total = _limit(instrument, clause.total, file.asked.start)
    whole = total if isinstance(total, Period) else periods.sum_of(instrument, file.asked.start)
    lengths = (first if isinstance(first, Period) else None, further, whole)
    counted = periods.Chain(()) if posted is None else periods.chain(file.case, posted, file.texts, file.asked)
    end = periods.latest_end(counted, file.asked, *lengths)
    if end is None:
        return None
    if file.asked.end is None or file.asked.end > end:
        return _refused(
            file, _too_long(counted.with_asked(file.asked), file.asked, end, lengths, clause), end=end, clause=clause
        )
    if counted.unsure:
        earlier = periods.Chain((*counted.unsure, *counted.spans))
        latest = periods.latest_end(earlier, file.asked, *lengths)
        if latest is not None and file.asked.end > latest:
            return _unknown(file, file.clause("reposting") or clause)
    return None


def _too_long(
    together: Span, asked: Span, end: date, lengths: tuple[Period | None, Period | None, Period | None], clause: Clause
) -> Words:
    """Which of the lengths of a text is exceeded: that of the prolongation alone, or that of everything together."""
    _, further, whole = lengths
    if further is not None and not fits(asked, further):
        return words.too_long(further, clause)
    return words.too_long_in_all(whole, clause) if whole is not None else words.too_long_together(together, end, clause)


def _maintenance(file: RequestFile) -> Decision:
    """An individual exception: never of right, decided by the authorities of both sides."""
    clause = file.clause("derogation") or file.general_clause("derogation")
    if clause is None or file.instrument is None:
        if any(segment.missing for segment in file.segments):
            return _open(file, "needs_facts")
        return by_another_text(file, "derogation") or _refused(file, words.NO_TEXT)
    if clause.allowed == "no":
        return by_another_text(file, "derogation") or _not_provided(file, clause)
    return _by_agreement(file, clause) if clause.allowed == "yes" else _unknown(file, clause)


def _not_provided(file: RequestFile, clause: Clause) -> Decision:
    assert file.instrument is not None
    return _refused(file, words.not_provided(file.instrument, clause), clause=clause)


def _exemption(file: RequestFile) -> Decision:
    """Under a rule on exemptions where one concerns the person (a pensioner), else the posting seen from the other side."""
    proof = next((segment._proof for segment in file.segments if segment._proof is not None), None)
    findings = _findings_of("exemption", file, proof) if proof is not None else None
    if proof is None or findings is None or posted_activity(file.case) is not None:
        return _posting(file)
    proof, found = findings
    if all(finding.truth == FALSE for finding in found):
        missed = {words.missed(one, item, proof): one.rule for one in found for item in one.items}
        residence = Situation(file.case, Span(file.asked.start, file.asked.start)).residence
        decided = _posting(file)
        by = (residence,) if residence is not None else decided.decided_by
        return decided if decided.outcome != "refused" else _refused(file, missed).model_copy(update={"decided_by": by})
    answer = resolve([finding for finding in found if finding.truth != FALSE], proof.rules.defeaters)
    if answer.outcome is Outcome.UNDETERMINED:
        parts = words.open_parts(Questioner(proof.rules, proof.env).open(answer.open), proof, file.case)
        return Decision.made(request=file.kind, outcome="needs_facts", **parts)
    if file.state not in answer.states:
        return _refused(file, _why_not(file))
    if {segment.legislation for segment in file.segments} == {(file.state,)}:
        return _not_needed(file)
    deciders = deciders_of(answer.standing, proof.rules, proof.env)
    return Decision.made(
        request=file.kind, outcome="needs_agreement", decided_by=deciders, documents=("A1",),
        basis=tuple(basis_entry(file.law, finding.rule, "decides") for finding in answer.standing),
        reasons=tuple(words.reason_of(proof, finding) for finding in answer.standing),
    )  # fmt: skip


def _telework(file: RequestFile) -> Decision:
    """The framework agreement on telework; where it does not fit, an individual exception can be asked for."""
    if {segment.legislation for segment in file.segments} == {(file.state,)}:
        return _not_needed(file)
    needed = [segment for segment in file.segments if segment.legislation != (file.state,)]
    found = [_by_rules(file, day, segment, "A1") for segment in needed for day in file.days_that_differ(segment)]
    # one part of the days that can't be granted keeps all from being granted
    for outcome in ("refused", "needs_facts"):
        open_ = next((one for one in found if one is not None and one.outcome == outcome), None)
        if open_ is not None:
            return open_
    return next((one for one in found if one is not None), None) or _refused(file, words.NO_TEXT)


def _by_rules(file: RequestFile, day: date, segment: Segment, document: str) -> Decision | None:
    """What the rules on telework say from a day on, with the request in the case; None where the text has none."""
    findings = _findings_of("telework_exception", file, segment._proof, day) if segment._proof is not None else None
    if findings is None:
        return None
    proof, found = findings
    answer = resolve([finding for finding in found if finding.truth != FALSE], proof.rules.defeaters)
    if answer.outcome is Outcome.DETERMINED and answer.states == (file.state,):
        basis = tuple(basis_entry(file.law, finding.rule, "decides") for finding in answer.standing)
        reasons = tuple(words.reason_of(proof, finding) for finding in answer.standing)
        granted = _granted(file, basis=basis, documents=(document,))
        return granted.model_copy(
            update={"reasons": reasons, "decided_by": deciders_of(answer.standing, proof.rules, proof.env)}
        )
    if answer.outcome is Outcome.UNDETERMINED:
        parts = words.open_parts(Questioner(proof.rules, proof.env).open(answer.open), proof, file.case)
        return Decision.made(request=file.kind, outcome="needs_facts", **parts)
    missed = {
        words.missed(finding, item, proof): finding.rule
        for finding in found
        for item in finding.items
        if item.truth == FALSE
    }
    return _refused(file, missed, end=day - ONE_DAY if day > file.asked.start else None)


def _findings_of(
    question: str, file: RequestFile, proof: Proof, day: date | None = None
) -> tuple[Proof, list[Finding]] | None:
    """How the rules of a question fare on a day (by default the first), with the request in the case; None without any."""
    on = day or file.asked.start
    relation = proof.rules.relation if proof.rules.relation.id else None
    rules = file.engine.get(proof.rules.instrument, relation, on, file.case.known_on or date.today())
    env = rules.env(Situation(file.case, Span(on, on)))
    found = rules.findings(question, env)
    return (replace(proof, rules=rules, env=env), found) if found else None


_DECIDERS: dict[str, Callable[[RequestFile], Decision]] = {
    "posting": _posting,
    "prolongation": _prolongation,
    "exceptional_maintenance": _maintenance,
    "exemption": _exemption,
    "telework_exception": _telework,
}


def _granted(
    file: RequestFile,
    clause: Clause | None = None,
    basis: tuple[Basis, ...] | None = None,
    documents: tuple[str, ...] | None = None,
) -> Decision:
    segments = file.segments
    own = basis if basis is not None else tuple(dict.fromkeys(entry for s in segments for entry in s.basis))
    deciders = (file.state,) if clause is not None or basis is not None else _all(s.decided_by for s in segments)
    forms = file.forms(clause) or _all(s.documents for s in segments)
    if basis is not None:
        forms = documents or ()
    return Decision.made(
        request=file.kind, outcome="granted", decided_by=deciders, granted=Days.made(from_=file.asked.start, to=file.asked.end),
        latest_end=latest_end(file), basis=own, documents=forms,
        reasons=(*words.because(segments), *dict.fromkeys(note for s in segments if s.outcome == "determined" for note in s.notes)),
    )  # fmt: skip


def _not_needed(file: RequestFile) -> Decision:
    """The rules lead to the legislation asked for anyway; the document that shows it is theirs."""
    applied = tuple(dict.fromkeys(entry for segment in file.segments for entry in segment.basis))
    return Decision.made(
        request=file.kind, outcome="not_needed", reasons=(words.not_needed(file.state),), basis=applied,
        documents=_all(segment.documents for segment in file.segments),
    )  # fmt: skip


def _by_agreement(file: RequestFile, clause: Clause) -> Decision:
    instrument = file.instrument
    assert instrument is not None
    states = file.sides
    return Decision.made(
        request=file.kind, outcome="needs_agreement", decided_by=states, basis=(words.clause_basis(instrument, clause),),
        documents=file.forms(clause), considerations=considerations(file),
        reasons=(words.agreement_needed(states, clause),),
    )  # fmt: skip


def _refused(
    file: RequestFile, missed: Words | Mapping[Words, Rule], end: date | None = None, clause: Clause | None = None
) -> Decision:
    """A refusal rests on the clause, or on the paragraphs whose conditions are missed, with what applies instead.

    Where the clause needs both sides, both decide.
    """
    missed_words, rules = ((missed,), ()) if isinstance(missed, Words) else (tuple(missed), tuple(missed.values()))
    failing = tuple(basis_entry(file.law, rule, "decides") for rule in {rule.key: rule for rule in rules}.values())
    failed = {entry.rule for entry in failing}
    others = [segment for segment in file.segments if segment.legislation != (file.state,)]
    applied = tuple(dict.fromkeys(entry for one in others for entry in one.basis if entry.rule not in failed))
    instead = tuple(
        entry.model_copy(update={"role": "instead"}) if entry.role == "decides" else entry for entry in applied
    )
    whose = _all(one.legislation for one in others if one.outcome in ("determined", "bound"))
    if clause is not None and file.instrument is not None:
        failing, instead, whose = (words.clause_basis(file.instrument, clause),), (), ()
    return Decision.made(
        request=file.kind, outcome="refused", reasons=missed_words, latest_end=end, alternatives=tuple(alternatives(file, end)),
        decided_by=_deciders(file, clause), basis=(*failing, *instead), instead=whose,
    )  # fmt: skip


def _deciders(file: RequestFile, clause: Clause | None) -> tuple[str, ...]:
    """Who decides under a clause: both sides, the State whose legislation is asked for, or as no source tells nobody."""
    if clause is None or clause.allowed == "no" or clause.decided_by not in ("joint", "unknown"):
        return (file.state,)
    return file.sides if clause.decided_by == "joint" else ()


def _open(file: RequestFile, outcome: str) -> Decision:
    """What is missing; or who assesses what, by which article."""
    segments = file.segments
    gaps = tuple(dict.fromkeys(gap for segment in segments for gap in segment.gaps))
    found = dict.fromkeys(one for segment in segments for one in segment.discretion)
    weighed = tuple(
        Consideration.made(speaks="open", text=one.criterion, grade="verified", source=None) for one in found
    )
    told: dict[str, Any] = {
        "missing": tuple(dict.fromkeys(m for s in segments for m in s.missing)),
        "gaps": gaps,
        "considerations": weighed,
    }
    if outcome == "needs_facts":
        return Decision.made(request=file.kind, outcome=outcome, **told)
    bodies = tuple(dict.fromkeys(one.body for one in found if one.body is not None))
    rules = tuple(basis_entry(file.law, file.law.rule(one.rule), "decides") for one in found)
    deciders = bodies or _all(segment.decided_by for segment in segments)
    return Decision.made(request=file.kind, outcome=outcome, decided_by=deciders, basis=rules, **told)


def _unknown(file: RequestFile, clause: Clause) -> Decision:
    """The sources do not tell what the clause says: the article has to be read."""
    instrument = file.instrument
    assert instrument is not None
    longest = instrument.parameters.get(
        clause.longest or ""
    )  # where only the length is unknown, that is what has to be read
    unread = longest is not None and periods.longest(instrument, clause, file.asked.start) == "unknown"
    said = longest.title if longest is not None and unread else words.CLAUSES[clause.id]
    gap: Gap = gap_of(LawGap(instrument.id, clause.id, clause.cite, said, clause.id), file.law)
    return Decision.made(request=file.kind, outcome="needs_facts", gaps=(gap,))


def _decider_unknown(file: RequestFile, clause: Clause, longest: Period | str | None) -> Decision:
    """The length fits, and no source tells who decides: that is what has to be read."""
    assert file.instrument is not None
    gap = gap_of(LawGap(file.instrument.id, clause.id, clause.cite, words.WHO_DECIDES, clause.id), file.law)
    fits_in = (words.within(longest, clause),) if isinstance(longest, Period) else ()
    return Decision.made(
        request=file.kind, outcome="needs_facts", gaps=(gap,), reasons=fits_in, documents=file.forms(clause)
    )


def _why_not(file: RequestFile) -> Words | Mapping[Words, Rule]:
    if all(segment._proof is None for segment in file.segments):
        return words.NO_TEXT
    clause = file.clause("posting")
    if clause is not None and file.instrument is not None and file.instrument.law_of is not None:
        longest = periods.longest(file.instrument, clause, file.asked.start)
        first = next((entry for segment in file.segments for entry in segment.basis), None)
        if isinstance(longest, Period) and not fits(file.asked, longest) and first is not None:
            return {words.too_long(longest, clause): file.law.rule(first.rule)}
    return words.against(file.segments, file.state) or words.NOT_UNDER_THAT_STATE


def _finished(file: RequestFile, decision: Decision) -> Decision:
    """The decision with what every one of them tells: whose legislation, under which text, filed where and when."""
    instrument = file.instrument
    paper = None
    if decision.outcome == "granted" and decision.granted is not None and decision.documents:
        paper = certificate(file.case, file.law, decision.documents[0], file.state, decision.granted, decision.basis)
    proof = next((segment._proof for segment in file.segments if segment._proof is not None), None)
    needed = decision.outcome != "not_needed"
    taker = _taker(file, decision)
    if decision.outcome == "granted" and all(segment.legislation == (file.state,) for segment in file.segments):
        file = _as_posting(file)
    finished: Decision = decision.model_copy(
        update={
            "certificate": paper,
            "admissibility": admissibility(file, proof, taker) if needed else None,
            "follow_up": follow_up(file, decision.outcome, taker),
            "legislation": file.state,
            "passed_over": _all(segment.passed_over for segment in file.segments),
            "instrument": instrument.id if instrument is not None else None,
            "grade": weakest(decision.basis),
            "filed_with": filed_with(file.law, instrument, taker, file.case) if needed else (),
            "agreed_with": _agreeing(file, decision, taker),
            "deadlines": deadlines(file, taker) if needed else (),
        }
    )
    return finished.model_copy(update={"draft": draft(finished, file.case, file.law)})


def _as_posting(file: RequestFile) -> RequestFile:
    """A prolongation that still fits into the posting itself is filed as a posting, not as an exception."""
    request = file.case.request
    if request is None or request.kind != "prolongation":
        return file
    return replace(file, case=file.case.model_copy(update={"request": request.model_copy(update={"kind": "posting"})}))


def _agreeing(file: RequestFile, decision: Decision, taker: str) -> tuple[FiledWith, ...]:
    """The bodies of the other States that have to agree."""
    if decision.outcome != "needs_agreement":
        return ()
    others = (state for state in decision.decided_by if state != taker)
    return tuple(body for state in others for body in filed_with(file.law, file.instrument, state, file.case))


def _taker(file: RequestFile, decision: Decision) -> str:
    """The State that takes the request: the one whose legislation is asked for; a pensioner asks that of residence."""
    if file.kind != "exemption" or posted_activity(file.case) is not None:
        return file.state
    residence = Situation(file.case, Span(file.asked.start, file.asked.start)).residence
    return decision.decided_by[0] if len(decision.decided_by) == 1 else residence or file.state


def _all(parts: Iterable[Iterable[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(one for part in parts for one in part))
