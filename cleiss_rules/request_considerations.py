"""What an officer weighs in a request that is left to authorities, by the practice that the law files tell."""

from __future__ import annotations

from datetime import date

from cleiss_rules.calendar import Span
from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.engine.truth import TRUE, UNKNOWN
from cleiss_rules.facts.case import Case, CasePeriod
from cleiss_rules.facts.situation import Situation
from cleiss_rules.law.model import Expr
from cleiss_rules.request_file import RequestFile
from cleiss_rules.result import Consideration, Words


def as_one_posting(case: Case, asked: Span) -> Case:
    """The case for the days asked for, the posting lasting until their end."""
    activities = tuple(
        activity.model_copy(update={"to": asked.end})
        if activity.posting is not None and activity.to is not None and (asked.end is None or activity.to < asked.end)
        else activity
        for activity in case.activities
    )
    return case.model_copy(update={"activities": activities, "period": CasePeriod(from_=asked.start, to=asked.end)})


def considerations(file: RequestFile) -> tuple[Consideration, ...]:
    """What speaks for and against a request, and what is open.

    What is told of the request is read from the case as it stands; what is told of the work, as if it went on.
    """
    first = Span(file.asked.start, file.asked.start)
    told, going_on = Situation(file.case, first), Situation(as_one_posting(file.case, file.asked), first)
    found: list[Consideration] = []
    for instrument in file.law.instruments.values():
        if not instrument.considerations:
            continue
        rules = file.engine.get(instrument, None, file.asked.start, date.max)
        envs = {True: rules.env(told), False: rules.env(going_on)}

        def value(expr: Expr, rules: RuleSet = rules, envs: dict[bool, Env] = envs) -> int:
            of_request = any(str(leaf.expr[1]).startswith("request.") for leaf in rules.leaves(expr))
            truth: int = rules.evaluate(expr, envs[of_request], None, boolean=True)
            return truth

        for one in instrument.considerations:
            if one.where is not None and value(one.where) != TRUE:
                continue
            held = value(one.condition)
            side, text = ("for", one.in_favour) if held == TRUE else ("against", one.against)
            if held == UNKNOWN:
                side, text = "open", one.open
            said = Words.made(fr=text.fr, en=text.en)
            found.append(Consideration.made(speaks=side, text=said, grade=one.source.grade, source=one.source.url))
    return tuple(found)
