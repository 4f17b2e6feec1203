"""What the README shows is what the program prints, and its commands name files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import cleiss_rules as cr

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)


def test_the_example_is_what_the_first_command_explains() -> None:
    shown = re.search(r"<!-- example -->\n+```text\n(.*?)\n```\n+<!-- /example -->", README, flags=re.DOTALL)
    assert shown is not None
    result = cr.determine(cr.read_case(ROOT / "fixtures/examples/paris-turin-posting.yaml"))
    assert shown.group(1) == result.explain(lang="en").rstrip("\n")


def test_two_commands_of_one_line_each() -> None:
    commands = _blocks("sh")
    assert len(commands) == 2
    assert all(command.count("\n") == 1 for command in commands)


def test_files_that_are_named_exist() -> None:
    named = re.findall(r"\]\(((?!https?:)[^)#]+)\)", README) + re.findall(r"fixtures/[\w./-]+\.yaml", README)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_python_lines_say_what_python_says(monkeypatch: object) -> None:
    namespace: dict[str, object] = {}
    (code,) = _blocks("python")
    for line in code.replace("fixtures/", f"{ROOT}/fixtures/").splitlines():
        statement, _, comment = line.partition("  # (")
        if comment:
            assert eval(statement, namespace) == eval(f"({comment}", {})
        elif not line.startswith("print("):
            exec(line, namespace)
