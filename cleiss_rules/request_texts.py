"""Another text that may bind on the days asked for: a request is not refused before it is known whether it does."""

from __future__ import annotations

from cleiss_rules import request_words as words
from cleiss_rules.engine.questions import Questioner
from cleiss_rules.engine.truth import FALSE, TRUE
from cleiss_rules.request_considerations import as_one_posting
from cleiss_rules.request_file import RequestFile, posted_activity
from cleiss_rules.result import Decision


def by_another_text(file: RequestFile, clause: str) -> Decision | None:
    """What has to be known where a text that may bind provides for what is asked for; None where no such text does.

    Such as the Withdrawal Agreement, as long as nobody knows since when the situation has linked the United Kingdom with a
    Member State: the Protocol that follows it knows no exceptions by agreement. Work that began under the text that answers
    raises no such question.
    """
    from cleiss_rules.determination import prove, runs_of

    posted = posted_activity(file.case)
    begun = posted.from_ if posted is not None else None
    if file.instrument is not None and begun is not None and begun >= file.instrument.valid.span.start:
        return None
    case = as_one_posting(file.case, file.asked).model_copy(update={"request": None})
    for run in runs_of(case, file.engine):
        instrument = run.rules.instrument
        provides = any(one.id == clause and one.allowed not in ("no", "unknown") for one in instrument.clauses)
        if run.binds in (TRUE, FALSE) or not provides or instrument is file.instrument:
            continue
        open_ = Questioner.of(run.rules, run.env).open(run.applies)
        parts = words.open_parts(open_, prove(run), file.case)
        if parts["missing"]:
            return Decision.made(request=file.kind, outcome="needs_facts", **parts)
    return None
