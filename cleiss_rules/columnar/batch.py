"""Files of situations: read part by part, answered, written whole; a run that was killed goes on where it stopped.

Every row that comes in is answered or stands among the rejects with its reason. The parts of an unfinished run lie in a
folder beside the output and are used again if the input, the law, the program and the options are the same.
"""

from __future__ import annotations

import csv as text_csv
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cleiss_rules.columnar.files import InvalidTable, parts_of, readable, rows_of, written_as
from cleiss_rules.columnar.kept import program
from cleiss_rules.columnar.plan import Rejected
from cleiss_rules.columnar.table import Told, columnar
from cleiss_rules.determination import engine_in_use
from cleiss_rules.errors import Fault

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

#: rows of one part: what is lost at most when a run is killed
PART = 1 << 19
_REJECTED = ("row", "case", "column", "problem")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the rows: ``rows`` came in, ``answered`` of them have ``answers``, ``rejected`` are told apart."""

    rows: int
    answered: int
    answers: int
    rejected: int


def batch(
    source: str,
    target: str,
    *,
    rejects: str | None = None,
    lang: str = "en",
    part: int = PART,
    told: Told = lambda _: None,
) -> Done:
    """Answers a file of situations (.parquet, .csv, .duckdb) into another.

    ``told`` hears of the rows done so far. Raises InvalidTable for files that can't be used; rows that are no situation
    go to ``rejects`` (by default beside the output), which exists only where there are some.
    """
    refused = Path(rejects or f"{target}.rejects.csv")
    readable(source)
    written_as(target)
    _lie_apart(source, target, str(refused))
    run = _Run(source, Path(target), lang, part)
    with run.alone():
        run.begin()
        try:
            for number, (first, rows) in enumerate(parts_of(source, part)):
                if not run.has(number):
                    run.answer(number, first, rows)
                told(first + rows.num_rows)
            if not run.has(0):  # an empty file has answers too: their columns
                run.answer(0, 0, pa.table({"person.residence": pa.nulls(0, pa.string())}))
        except Exception:
            run.give_up()
            raise
        done = run.finish(refused)
    told(done.rows)
    return done


def _lie_apart(source: str, target: str, refused: str) -> None:
    """Raises InvalidTable where a file would be written over another one of the run, or can't be written where it should."""
    held = {os.path.realpath(source): "the situations"}
    for name, what in ((target, "the answers"), (refused, "the rejected rows")):
        place = os.path.realpath(name)
        if place in held:
            raise InvalidTable(f"{name}: {held[place]} and {what} can't be one file; accepted: another name")
        if Path(name).is_dir():
            raise InvalidTable(f"{name}: is a folder; accepted: the name of a file for {what}")
        held[place] = what
    if not Path(refused).parent.is_dir() and Path(refused).parent != Path(target).parent:
        raise InvalidTable(f"{refused}: there is no folder {Path(refused).parent}")


def total_of(source: str) -> int | None:
    """How many rows a file has, where that is known before it is read."""
    return rows_of(source)


class _Run:
    """One run: its parts on disk, and what they count."""

    def __init__(self, source: str, target: Path, lang: str, part: int) -> None:
        self._source, self._target, self._lang, self._part = source, target, lang, part
        self._folder = target.with_name(f".{target.name}.parts")
        self._names: tuple[str, ...] = ()

    def begin(self) -> None:
        """Takes up the parts of an earlier run of the same kind; others are thrown away."""
        key = self._key()
        told = self._folder / "run"
        if not told.is_file() or told.read_text(encoding="utf-8") != key:
            for part in self._folder.iterdir():
                part.unlink()
            told.write_text(key, encoding="utf-8")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While no other run writes the same answers. Raises InvalidTable where one does, or where none can be written."""
        try:
            held = _locked(self._folder)
        except BlockingIOError as error:
            raise InvalidTable(f"{self._target}: another run is writing it; accepted: a name of its own") from error
        except OSError as error:
            raise InvalidTable(f"{self._target}: can't be written: {error.strerror}") from error
        try:
            yield
        finally:
            if held is not None:
                os.close(held)

    def _key(self) -> str:
        state = os.stat(self._source)
        told = [os.path.abspath(self._source), state.st_size, state.st_mtime_ns, self._part, self._lang]
        return sha256(json.dumps([*told, engine_in_use().law.digest, program()]).encode()).hexdigest()

    def has(self, number: int) -> bool:
        """Whether a part is finished."""
        return self._counts(number).is_file()

    def answer(self, number: int, first: int, rows: pa.Table) -> None:
        """Answers one part. Its counts are written last: without them it is done again."""
        named = [name for name in rows.column_names if rows.column(name).null_count < rows.num_rows]
        self._names = tuple(sorted({*self._names, *(name for name in named if name != "problem")}))
        answers, rejected = _answered(rows, self._names, self._lang)
        answers = answers.set_column(0, "row", pc.add(answers.column("row"), first))
        pq.write_table(answers, self._file(number, "parquet"), compression="zstd")
        _write_rejects(self._file(number, "csv"), rejected, rows, first)
        counts = [rows.num_rows, rows.num_rows - len(rejected), answers.num_rows, len(rejected)]
        unfinished = self._file(number, "unfinished")
        unfinished.write_text(json.dumps(counts), encoding="utf-8")
        unfinished.replace(self._counts(number))

    def give_up(self) -> None:
        """Leaves nothing behind of a file that can't be used, unless parts of it are finished."""
        if not self.has(0):
            shutil.rmtree(self._folder, ignore_errors=True)

    def finish(self, refused: Path) -> Done:
        """Puts the parts together under the names asked for; only then do the parts go."""
        numbers = range(sum(1 for _ in self._folder.glob("*.json")))
        counts = [json.loads(self._counts(number).read_text(encoding="utf-8")) for number in numbers]
        done = Done(*(sum(column) for column in zip(*counts, strict=True))) if counts else Done(0, 0, 0, 0)
        self._put_together(numbers, done, refused)
        shutil.rmtree(self._folder, ignore_errors=True)
        return done

    def _put_together(self, numbers: Sequence[int], done: Done, refused: Path) -> None:
        unfinished = self._target.with_name(f".{self._target.name}.{os.getpid()}.part")
        refused_unfinished = refused.with_name(f".{refused.name}.{os.getpid()}.part")
        try:
            written_as(str(self._target))(unfinished, (self._file(number, "parquet") for number in numbers))
            if done.rejected:
                with refused_unfinished.open("w", encoding="utf-8", newline="") as file:
                    text_csv.writer(file).writerow(_REJECTED)
                    for number in numbers:
                        file.write(self._file(number, "csv").read_text(encoding="utf-8"))
                refused_unfinished.replace(refused)
            else:
                refused.unlink(missing_ok=True)
            unfinished.replace(self._target)
        except OSError as error:
            raise InvalidTable(f"{self._target}: can't be written: {error.strerror or error}") from error
        finally:
            unfinished.unlink(missing_ok=True)
            refused_unfinished.unlink(missing_ok=True)

    def _file(self, number: int, suffix: str) -> Path:
        return self._folder / f"{number:06d}.{suffix}"

    def _counts(self, number: int) -> Path:
        return self._file(number, "json")


def _locked(folder: Path) -> int | None:
    """Makes a folder and holds it until what is given back is closed, or the process ends; nothing where that can't be.

    Raises BlockingIOError where another process or thread holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        return None
    while True:
        held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.isdir(folder) and os.path.samestat(os.fstat(held), os.stat(folder)):
                return held
        except BaseException:
            os.close(held)
            raise
        os.close(held)  # the run that held it is done and has taken it away
        folder.mkdir(parents=True, exist_ok=True)


def _answered(rows: pa.Table, names: Sequence[str], lang: str) -> tuple[pa.Table, list[Rejected]]:
    """The answers of a part; a row whose text could not be read was marked by the reader and is refused for that."""
    if "problem" not in rows.column_names:
        return columnar().answers(rows, lang=lang, names=names)
    problems = rows.column("problem")
    marked = [(row, problem) for row, problem in enumerate(problems.to_pylist()) if problem is not None]
    kept = pc.indices_nonzero(pc.is_null(problems))
    answers, rejected = columnar().answers(rows.drop_columns(["problem"]).take(kept), lang=lang, names=names)
    places = kept.to_pylist()
    answers = answers.set_column(0, "row", pc.take(kept.cast(pa.int64()), answers.column("row")))
    moved = [Rejected(places[one.row], one.faults) for one in rejected]
    moved += [Rejected(row, (Fault(*problem.split(": ", 1)),)) for row, problem in marked]
    return answers, sorted(moved, key=lambda one: one.row)


def _write_rejects(path: Path, rejected: Sequence[Rejected], rows: pa.Table, first: int) -> None:
    cases = rows.column("case") if "case" in rows.column_names else None
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = text_csv.writer(file)
        for one in rejected:
            case = cases[one.row].as_py() if cases is not None else None
            path_ = "; ".join(fault.path for fault in one.faults)
            writer.writerow([first + one.row, case, path_, "; ".join(fault.message for fault in one.faults)])
