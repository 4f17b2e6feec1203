"""The verdicts as JUnit XML, one test case per expectation."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as Xml

from cleiss_rules.cli.checked import Checked, difference_text, entry_text
from cleiss_rules.cli.output import harmless


def write_junit(path: str, checked: Iterable[Checked]) -> None:
    """Writes the file whole or not at all. Raises OSError."""
    _write_whole(path, Xml.tostring(_suite(list(checked)), encoding="utf-8", xml_declaration=True) + b"\n")


def _suite(checked: list[Checked]) -> Xml.Element:
    failures = sum(not verdict.holds for one in checked for verdict in one.verdicts)
    tests = sum(len(one.verdicts) for one in checked)
    counts = {"tests": str(tests), "failures": str(failures), "errors": "0", "skipped": "0"}
    root = Xml.Element("testsuites", counts)
    suite = Xml.SubElement(root, "testsuite", {"name": "cleiss-rules check", **counts})
    for one in checked:
        for verdict in one.verdicts:
            name = harmless(f"{one.filed.name} {entry_text(verdict)}")
            line = {"line": str(found)} if (found := one.filed.line_of(verdict.index)) is not None else {}
            file = harmless(one.filed.file)
            case = Xml.SubElement(suite, "testcase", {"classname": file, "name": name, "file": file, **line})
            if not verdict.holds:
                lines = [harmless(difference_text(difference)) for difference in verdict.differences]
                Xml.SubElement(case, "failure", {"message": lines[0]}).text = "\n".join(lines)
    return root


def _write_whole(path: str, content: bytes) -> None:
    target = Path(os.path.realpath(path))
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        # A terminal, a pipe or /dev/null: there is no file that could be replaced.
        target.write_bytes(content)
        return
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, _usual_mode(target))
        os.replace(temporary, target)
    except BaseException as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = path
        raise


def _usual_mode(target: Path) -> int:
    """The rights the file had, else those of any new file: ``mkstemp`` grants its owner alone."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
