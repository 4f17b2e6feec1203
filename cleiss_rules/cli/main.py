"""``cleiss-rules``: the commands and their options. Each one imports what it needs when it runs."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer

from cleiss_rules.cli.guard import DIFFERS, HOLDS, INTERRUPTED, guarded
from cleiss_rules.cli.words import Lang, language_of_locale

app = typer.Typer(
    help="Which State's social-security legislation applies across borders, and why.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Detail(StrEnum):
    """How much is explained."""

    short = "short"
    full = "full"


class Shape(StrEnum):
    """The published shapes."""

    case = "case"
    result = "result"
    law = "law"
    certificate = "certificate"


class TableShape(StrEnum):
    """How a table is written."""

    table = "table"
    csv = "csv"
    json = "json"
    html = "html"


def _day(text: str) -> date:
    # fromisoformat also takes 20260301 and 2026-W09-7, which a case file does not.
    if _DAY.fullmatch(text):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(text)
    raise typer.BadParameter(f"{text!r} is no day of the calendar; accepted: YYYY-MM-DD")


CaseFile = Annotated[str, typer.Argument(metavar="CASE", help="A YAML or JSON file; - is standard input.")]
Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Files, and folders with *.yaml, *.yml, *.json at any depth.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Language = Annotated[Lang | None, typer.Option("--lang", help="By default that of the locale.")]
Explain = Annotated[Detail, typer.Option("--explain", help="How much is explained.")]
On = Annotated[date | None, typer.Option("--on", metavar="DATE", parser=_day, help="Ask about this day only.")]
From = Annotated[
    date | None, typer.Option("--from", metavar="DATE", parser=_day, help="Ask about the days from here …")
]
To = Annotated[date | None, typer.Option("--to", metavar="DATE", parser=_day, help="… to here; without it open-ended.")]
Scenario = Annotated[
    str | None, typer.Option("--scenario", metavar="NAME", help="Try out a reform of agreements/scenarios/, or a file.")
]
Junit = Annotated[str | None, typer.Option("--junit", metavar="FILE", help="Also write JUnit XML there.")]


@app.command("determine")
@guarded
def determine_command(
    case: CaseFile,
    as_json: AsJson = False,
    lang: Language = None,
    explain: Explain = Detail.short,
    on: On = None,
    from_: From = None,
    to: To = None,
    scenario: Scenario = None,
) -> int:
    """Say which legislation applies in a case, and why."""
    asked = _asked(on, from_, to)
    from cleiss_rules.cli import determining, output
    from cleiss_rules.determination import determine
    from cleiss_rules.facts.read import read_case

    read = read_case(case)
    result = determine(determining.with_period(read, *asked) if asked else read, scenario=scenario)
    if as_json:
        output.write_json(result.model_dump(mode="json", by_alias=True))
    else:
        determining.show(result, lang or language_of_locale(), explain.value)
    return HOLDS


def _asked(on: date | None, first: date | None, last: date | None) -> tuple[date, date | None] | None:
    """The days that the options ask about; None where the case's own period stands."""
    if on is not None:
        if first is not None or last is not None:
            raise typer.BadParameter("--on goes without --from and --to")
        return on, on
    if first is None:
        if last is not None:
            raise typer.BadParameter("--to needs --from")
        return None
    if last is not None and last < first:
        raise typer.BadParameter(f"--to ({last}) comes before --from ({first})")
    return first, last


@app.command("decide")
@guarded
def decide_command(
    case: CaseFile,
    as_json: AsJson = False,
    lang: Language = None,
    draft: Annotated[bool, typer.Option("--draft", help="Add the draft of a position for the authorities.")] = False,
) -> int:
    """Say what becomes of the request of a case: granted, refused, who has to agree, what is missing."""
    from cleiss_rules.cli import output
    from cleiss_rules.determination import determine
    from cleiss_rules.errors import Fault, FaultyInput
    from cleiss_rules.explain.decision import decision_lines
    from cleiss_rules.facts.read import read_case

    decision = determine(read_case(case)).decision
    if decision is None:
        raise FaultyInput([Fault("request", "the case asks for nothing; a request with its kind is needed", case)])
    if as_json:
        output.write_json(decision.model_dump(mode="json"))
    else:
        language = (lang or language_of_locale()).value
        output.write("\n".join(decision_lines(decision, language)))
        if draft and decision.draft is not None:
            output.write(f"\n{getattr(decision.draft, language)}")
    return HOLDS


@app.command("check")
@guarded
def check_command(paths: Paths, junit: Junit = None, as_json: AsJson = False) -> int:
    """Compare every case that has `expect` with what is determined.

    Exit status: 0 all hold, 1 some differ, 2 an input can't be used.
    """
    from cleiss_rules.cli import checked, output

    done = checked.check_paths(paths)
    if junit is not None:
        from cleiss_rules.cli.junit import write_junit

        write_junit(junit, done)
    if as_json:
        output.write_json(checked.as_data(done))
    else:
        checked.show(done)
    return DIFFERS if checked.counts(done)["differ"] else HOLDS


@app.command("coverage")
@guarded
def coverage_command(
    paths: Paths,
    every: Annotated[bool, typer.Option("--all", help="Also show what is exercised on both sides.")] = False,
    as_json: AsJson = False,
) -> int:
    """Tell for each rule and condition whether the cases exercise both sides."""
    from cleiss_rules.cli import output, surveying

    found = surveying.cover(paths)
    if as_json:
        output.write_json(surveying.coverage_data(found))
    else:
        surveying.show_coverage(found, every=every)
    return HOLDS


@app.command("mutate")
@guarded
def mutate_command(
    paths: Paths,
    only: Annotated[str | None, typer.Option("--instrument", help="Change this instrument only.")] = None,
    as_json: AsJson = False,
) -> int:
    """Change the law a little, one change at a time, and name the changes that no expectation notices."""
    from cleiss_rules.cli import output, surveying
    from cleiss_rules.law.store import the_law

    _one_of("--instrument", only, the_law().instruments)
    found = surveying.mutate(paths, only)
    if as_json:
        output.write_json(surveying.survey_data(found))
    else:
        surveying.show_survey(found)
    return HOLDS


@app.command("clauses")
@guarded
def clauses_command(
    clause: Annotated[str | None, typer.Option("--clause", help="Every detail of this clause.")] = None,
    partner: Annotated[str | None, typer.Option("--partner", metavar="STATE", help="Only with this State.")] = None,
    on: On = None,
    lang: Language = None,
    shape: Annotated[TableShape, typer.Option("--format", help="How it is written.")] = TableShape.table,
) -> int:
    """Show the same clause of every instrument side by side, with the grade of each."""
    from cleiss_rules import clauses
    from cleiss_rules.cli import comparing, output
    from cleiss_rules.law.store import the_law

    law = the_law()
    _one_of("--clause", clause, clauses.NAMES)
    _one_of("--partner", partner, law.states)
    found = clauses.rows(law, clause=clause, partner=partner, on=on)
    language = lang or language_of_locale()
    if shape is TableShape.json:
        output.write_json(comparing.as_data(found))
    elif shape is TableShape.csv:
        output.write(comparing.as_csv(*comparing.long(found, language)))
    elif shape is TableShape.html:
        output.write(comparing.as_html(*comparing.matrix(found, language), language))
    else:
        output.write_table(*comparing.table(found, clause, partner, language))
        output.write("\n" + comparing.legend(language))
    return HOLDS


@app.command("sheet")
@guarded
def sheet_command(
    instrument: Annotated[str, typer.Argument(help="Its id, such as fr-dz.")], lang: Language = None, on: On = None
) -> int:
    """Print the fact sheet of an instrument."""
    from cleiss_rules.cli import output
    from cleiss_rules.law.store import the_law
    from cleiss_rules.sheet import sheet

    _one_of("INSTRUMENT", instrument, the_law().instruments)
    output.write(sheet(the_law(), instrument, (lang or language_of_locale()).value, on).rstrip("\n"))
    return HOLDS


def _one_of(option: str, value: str | None, accepted: Iterable[str]) -> None:
    names = list(accepted)
    if value is not None and value not in names:
        raise typer.BadParameter(f"{option}: {value!r}; accepted: {', '.join(names)}")


@app.command("batch")
@guarded
def batch_command(
    situations: Annotated[str, typer.Argument(metavar="SITUATIONS", help="A .parquet, .csv or .duckdb file.")],
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="A .parquet, .csv or .duckdb file.")],
    rejects: Annotated[
        str | None, typer.Option("--rejects", metavar="FILE", help="By default FILE.rejects.csv beside the output.")
    ] = None,
    lang: Language = None,
) -> int:
    """Determine every situation of a table: a row for each answer, rows that are no situation set aside with the reason."""
    from cleiss_rules.cli import output
    from cleiss_rules.cli.progress import progress
    from cleiss_rules.columnar.batch import batch, total_of

    with progress("situations", total_of(situations) or 0) as told:
        done = batch(situations, out, rejects=rejects, lang=(lang or language_of_locale()).value, told=told)
    output.write(f"{done.rows} rows: {done.answered} answered with {done.answers} answers, {done.rejected} rejected")
    return HOLDS


@app.command("population")
@guarded
def population_command(
    rows: Annotated[int, typer.Option("--rows", min=1, metavar="N", help="How many situations.")],
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="A .parquet or .csv file.")],
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="S", help="The same seed gives the same rows.")] = 0,
) -> int:
    """Write a synthetic population: a table of situations that follow published figures."""
    from cleiss_rules.cli.progress import progress
    from cleiss_rules.synthetic.files import write_population

    with progress("situations", rows) as told:
        write_population(out, rows, seed, told)
    return HOLDS


@app.command("schema")
@guarded
def schema_command(shape: Annotated[Shape, typer.Argument(help="Which shape.")]) -> int:
    """Print the JSON Schema (2020-12) of a case, a result, an instrument file or a certificate."""
    from cleiss_rules import schemas
    from cleiss_rules.cli import output

    made: dict[str, Any] = {
        Shape.case: schemas.case_schema,
        Shape.result: schemas.result_schema,
        Shape.law: schemas.law_schema,
        Shape.certificate: schemas.certificate_schema,
    }[shape]()
    output.write_json(made)
    return HOLDS


def run() -> None:
    """The entry point ``cleiss-rules``."""
    _open_streams()
    try:
        app(prog_name="cleiss-rules")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _open_streams() -> None:
    """Streams that take any character, and exist, whatever the shell closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        else:
            stream.reconfigure(errors="backslashreplace")
