from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.facts.timeline import slices


def faults(data: dict[str, Any]) -> str:
    with pytest.raises(cr.InvalidCase) as caught:
        cr.Case.model_validate(data)
    return str(caught.value)


def test_a_key_that_is_not_known_names_the_nearest(posted: dict[str, Any]) -> None:
    posted["activities"][0]["posting"]["replaces_posted_persn"] = False
    assert (
        "activities[0].posting.replaces_posted_persn: this key is not known; the nearest known key is replaces_posted_person"
        in faults(posted)
    )


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("person", "residence"), "XX", "'XX' is no State known here"),
        (("period", "to"), "2025-01-01", "to (2025-01-01) comes before from (2026-01-01)"),
        (("period", "from"), "2026-02-30", "no day of the calendar"),
        (("period", "from"), "20260201", "accepted: YYYY-MM-DD"),
        (("activities", 0, "working_time"), 101, "100"),
        (("activities", 0, "working_time"), "40", "no number"),
        (("activities", 0, "kind"), "worker", "accepted: 'employed'"),
        (("activities", 0, "employer"), "nobody", "is not under employers"),
        (("activities", 0, "posting", "lent_on"), "no", "valid boolean"),
        (("person", "residence"), [{"state": "FR"}, {"state": "IT", "from": "2026-05-01"}], "overlap"),
    ],
)
def test_bad_values_are_named(posted: dict[str, Any], path: tuple[Any, ...], value: Any, said: str) -> None:
    owner = posted
    for part in path[:-1]:
        owner = owner[part]
    owner[path[-1]] = value
    assert said in faults(posted)


def test_shares_add_up_to_a_hundred_at_most(spread: dict[str, Any]) -> None:
    spread["activities"][0]["working_time"] = 25
    assert "add up to 100.1" in faults(spread)


def test_shares_of_activities_that_follow_each_other_do_not_add_up(spread: dict[str, Any]) -> None:
    for activity, (start, end) in zip(
        spread["activities"], [("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-12-31")], strict=True
    ):
        activity.update({"from": start, "to": end, "working_time": 100})
    assert cr.Case.model_validate(spread)


def test_every_fault_is_told(posted: dict[str, Any]) -> None:
    posted["person"]["residence"] = "XX"
    posted["activities"][0]["state"] = "YY"
    with pytest.raises(cr.InvalidCase) as caught:
        cr.Case.model_validate(posted)
    assert {fault.path for fault in caught.value.faults} >= {"person.residence", "activities[0].state"}


def test_old_codes_are_normalised(posted: dict[str, Any]) -> None:
    posted["person"]["nationalities"] = ["EL", "UK"]
    assert cr.Case.model_validate(posted).person.nationalities == ("GR", "GB")


def test_null_says_the_same_as_leaving_out(posted: dict[str, Any]) -> None:
    posted["person"]["residence"] = None
    given = cr.determine(cr.Case.model_validate(posted)).model_dump(mode="json")
    del posted["person"]["residence"]
    left_out = cr.determine(cr.Case.model_validate(posted)).model_dump(mode="json")
    assert given["segments"] == left_out["segments"]


def test_a_case_is_cut_where_facts_change_and_the_cause_is_named(posted: dict[str, Any]) -> None:
    posted["activities"][0]["to"] = "2026-06-30"
    parts = slices(cr.Case.model_validate(posted))
    assert [str(part.span.start) for part in parts] == ["2026-01-01", "2026-07-01"]
    assert [cause.text.en for cause in parts[1].causes] == ["activity activities[0] ends"]


def test_faults_of_fields_hide_no_fault_of_the_whole() -> None:
    told = faults(
        {
            "format": 1,
            "period": {"from": "2026-01-01", "to": "2025-01-01"},
            "person": {
                "nationalities": ["XX"],
                "benefits": [{"state": "BE"}, {"kind": "pension_old_age", "from": "2026-02-01", "to": "2026-01-01"}],
                "residence": [{"state": "FR"}, {"state": "BE", "from": "2021-01-01"}],
            },
            "employers": {"acme": {"seat": "QQ"}},
            "activities": [
                {"kind": "employd", "employer": "acme", "working_time": 70},
                {"kind": "employed", "state": "ZZ", "employer": "other", "from": "2026-03-01", "to": "2026-01-01"},
                {"kind": "employed", "state": "BE", "employer": "acme", "working_time": 70},
            ],
        }
    ).splitlines()
    paths = sorted(line.split(": ", 1)[0] for line in told)
    assert paths == [
        "activities", "activities[0].kind", "activities[1]", "activities[1].employer", "activities[1].state",
        "employers.acme.seat", "period", "person.benefits[0].kind", "person.benefits[1]", "person.nationalities[0]",
        "person.residence",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        {"period": {"from": "2026-02-30"}},  # that its first day can't be read makes no key missing
        {"emplyers": {"acme": {}}, "activities": [{"employer": "acme"}]},  # nor is an employer missing whose key is misspelt
        {"employers": {"acme": 3}, "activities": [{"employer": "acme"}]},
        {"employers": [], "activities": [{"employer": "acme"}]},
        {"activities": [{"from": "2026-02-30", "to": "2026-06-01", "working_time": 80},
                        {"from": "2025-01-01", "to": "2025-12-31", "working_time": 80}]},
        {"person": {"residence": [{"state": "FR", "from": "1.1.2026"}, {"state": "BE", "from": "2021-01-01"}]}},
        {"person": {"benefits": [{"state": "BE"}]}},
    ],
)  # fmt: skip
def test_a_fault_makes_no_other(data: dict[str, Any]) -> None:
    assert len(faults({"format": 1, **data}).splitlines()) == 1


def test_every_fault_of_the_whole_is_told(spread: dict[str, Any]) -> None:
    for activity in spread["activities"]:
        activity.update({"employer": "nobody", "working_time": 70})
    assert len(faults(spread).splitlines()) == 3
