"""The Union, the EEA EFTA States and Switzerland: each agreement is decided by itself (C-329/23)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import cleiss_rules as cr
from cleiss_rules.testing.collect import cases_under

FILE = Path(__file__).parents[1] / "fixtures" / "cjeu" / "cjeu-c-329-23-at-li-ch.yaml"


def test_work_taken_up_under_the_other_agreement_is_looked_at_there_alone() -> None:
    (case,) = (one.case for one in cases_under([str(FILE)]) if (one.case.id or "").endswith("relevant-situation"))
    day = date(2014, 6, 1)
    on_it = [one for one in cr.determine(case).segments if one.from_ <= day and (one.to is None or day <= one.to)]
    told = {
        one.relation: (one.outcome, one.legislation, [b.rule for b in one.basis if b.role == "decides"])
        for one in on_it
    }
    assert told["eea"][:2] == ("determined", ("AT",))
    assert "eu-883-2004/87-8" in told["eea"][2]
    assert told["ch"][:2] == ("undetermined", ())
    assert "eu-883-2004/13-2-b-elsewhere" in told["ch"][2]
    assert "article 13(2)(b)" in cr.determine(case).explain("en")
