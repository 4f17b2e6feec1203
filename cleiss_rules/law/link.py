"""Resolving the names of expressions and checking that types and units fit.

A fault names what stands there and what would be accepted. Nothing is evaluated here.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cleiss_rules.law.model import Expr, FactSpec

#: Functions of the grammar that are not facts: name → (types of the arguments, type of the result); ``T`` is any type.
FUNCTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "count": (("set",), "number"),
    "only": (("set",), "element"),
    "first": (("set",), "element"),
    "without": (("set", "element"), "same"),
    "within": (("set", "set"), "same"),
    "else_if_empty": (("set", "set"), "same"),
    "shown": (("bool",), "bool"),
    "meets": (("text",), "bool"),
}
_RUN = {"territory": "set:state", "relation": "text"}
_COMPARABLE = {"number", "percent", "date"}


class LinkError(ValueError):
    """A name that means nothing or two types that do not fit."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the names of one instrument's expressions may mean."""

    facts: Mapping[str, FactSpec]
    parameters: Mapping[str, tuple[str, str]]
    definitions: Mapping[str, str]
    definition_type: Callable[[str], str]
    definition_domain: Callable[[str], str | None]
    states: frozenset[str]
    groups: frozenset[str]
    rules: frozenset[str]


def link(expr: Expr, scope: Scope, domain: str | None) -> tuple[Expr, str]:
    """The expression with its names resolved, and its type. Raises LinkError."""
    return _Linker(scope, domain).link(expr)


class _Linker:
    def __init__(self, scope: Scope, domain: str | None) -> None:
        self.scope = scope
        self.domain = domain

    def link(self, expr: Expr) -> tuple[Expr, str]:
        handler: Any = getattr(self, f"_{expr[0]}")
        result: tuple[Expr, str] = handler(expr)
        return result

    def _boolean(self, expr: Expr) -> Expr:
        linked, type_ = self.link(expr)
        if type_ != "bool":
            raise LinkError(f"a condition is expected, this is {_called(type_)}")
        return linked

    def _lit(self, expr: Expr) -> tuple[Expr, str]:
        return expr, expr[1]

    def _name(self, expr: Expr) -> tuple[Expr, str]:
        name: str = expr[1]
        scope = self.scope
        if name in scope.facts:
            spec = scope.facts[name]
            if spec.takes:
                raise LinkError(f"{name} needs {len(spec.takes)} value in parentheses ({', '.join(spec.takes)})")
            self._in_domain(name, spec.domain)
            return ["fact", name], spec.type if spec.type != "enum" else f"enum:{name}"
        if name in scope.definitions:
            domain = scope.definition_domain(name)
            if domain is not None:
                self._in_domain(name, domain)
            return ["def", scope.definitions[name]], scope.definition_type(name)
        if name in scope.parameters:
            instrument, type_ = scope.parameters[name]
            return ["param", instrument, name], type_
        if name == "place_of_work":
            self._in_domain(name, "activity")
            return ["answer", name], "state"
        if name in _RUN:
            return ["run", name], _RUN[name]
        if name in scope.states:
            return ["lit", "state", name], "state"
        if name in scope.groups:
            return ["group", name], "set:state"
        raise LinkError(f"{name!r} means nothing here{_nearest(name, self._names())}")

    def _names(self) -> list[str]:
        scope = self.scope
        return [*scope.facts, *scope.definitions, *scope.parameters, *scope.groups, "place_of_work", *_RUN]

    def _in_domain(self, name: str, domain: str) -> None:
        if domain not in ("person", "case", self.domain):
            raise LinkError(f"{name} belongs to one {domain}: say `each: {domain}` or `every {domain}: …`")

    def _and(self, expr: Expr) -> tuple[Expr, str]:
        return [expr[0], *(self._boolean(part) for part in expr[1:])], "bool"

    _or = _and
    _not = _and

    def _given(self, expr: Expr) -> tuple[Expr, str]:
        linked, _ = self.link(expr[1])
        return ["given", linked], "bool"

    def _if(self, expr: Expr) -> tuple[Expr, str]:
        condition = self._boolean(expr[1])
        then, then_type = self.link(expr[2])
        other, other_type = self.link(expr[3])
        if then_type != other_type:
            raise LinkError(f"the two sides of `if … else` differ: {_called(then_type)} and {_called(other_type)}")
        return ["if", condition, then, other], then_type

    def _some(self, expr: Expr) -> tuple[Expr, str]:
        head, domain, filter_, body = expr
        inner = _Linker(self.scope, self._domain(domain))
        linked_filter = inner._boolean(filter_) if filter_ is not None else None
        return [head, domain, linked_filter, inner._boolean(body)], "bool"

    _every = _some

    def _domain(self, domain: str) -> str:
        if domain not in ("activity", "document", "agreement", "benefit"):
            raise LinkError(f"there is no {domain!r} to look at; accepted: activity, document, agreement, benefit")
        return domain

    def _collect(self, expr: Expr) -> tuple[Expr, str]:
        _, domain, value, filter_ = expr
        inner = _Linker(self.scope, self._domain(domain))
        linked, type_ = inner.link(value)
        linked_filter = inner._boolean(filter_) if filter_ is not None else None
        if type_.startswith("set:"):
            raise LinkError("a set of sets can't be collected")
        return ["collect", domain, linked, linked_filter], f"set:{type_}"

    def _list(self, expr: Expr) -> tuple[Expr, str]:
        parts = [self.link(part) for part in expr[1:]]
        types = {type_ for _, type_ in parts}
        if len(types) != 1:
            raise LinkError(f"a list holds one type, this one {', '.join(sorted(map(_called, types)))}")
        return ["list", *(part for part, _ in parts)], f"set:{types.pop()}"

    def _call(self, expr: Expr) -> tuple[Expr, str]:
        name, arguments = expr[1], expr[2:]
        spec = self.scope.facts.get(name)
        if spec is not None:
            return self._fact_call(name, spec, arguments)
        if name not in FUNCTIONS:
            raise LinkError(f"there is no function {name!r}{_nearest(name, [*FUNCTIONS, *self.scope.facts])}")
        wanted, result = FUNCTIONS[name]
        if len(wanted) != len(arguments):
            raise LinkError(f"{name} takes {len(wanted)} values, not {len(arguments)}")
        if name == "meets":
            return self._meets(arguments[0])
        linked = [self.link(argument) for argument in arguments]
        first = linked[0][1]
        if wanted[0] == "set" and not first.startswith("set:"):
            raise LinkError(f"{name} takes a set, this is {_called(first)}")
        if wanted[0] == "bool" and first != "bool":
            raise LinkError(f"{name} takes a condition, this is {_called(first)}")
        element = first.removeprefix("set:")
        for kind, (_, type_) in zip(wanted[1:], linked[1:], strict=True):
            if type_ != (element if kind == "element" else first):
                raise LinkError(f"{name}: {_called(type_)} does not fit {_called(first)}")
        type_of = {"element": element, "same": first}.get(result, result)
        return ["call", name, *(part for part, _ in linked)], type_of

    def _meets(self, argument: Expr) -> tuple[Expr, str]:
        rule = argument[2] if argument[:2] == ["lit", "text"] else None
        if rule not in self.scope.rules:
            known = ", ".join(sorted(self.scope.rules))
            raise LinkError(f"meets names no rule of this file: {rule!r}; accepted: {known}")
        return ["call", "meets", ["lit", "text", rule]], "bool"

    def _fact_call(self, name: str, spec: FactSpec, arguments: list[Expr]) -> tuple[Expr, str]:
        if len(arguments) != len(spec.takes):
            raise LinkError(f"{name} takes {len(spec.takes)} values, not {len(arguments)}")
        self._in_domain(name, spec.domain)
        linked: list[Expr] = []
        for wanted, argument in zip(spec.takes, arguments, strict=True):
            part, type_ = self.link(argument)
            if type_ != wanted:
                raise LinkError(f"{name} takes {_called(wanted)}, this is {_called(type_)}")
            linked.append(part)
        return ["fact", name, *linked], spec.type

    def _cmp(self, expr: Expr) -> tuple[Expr, str]:
        _, operator, left_expr, right_expr = expr
        if right_expr[:2] == ["call", "count"]:
            raise LinkError("count(…) stands on the left of a comparison")
        left, left_type = self.link(left_expr)
        right, right_type = self._right(right_expr, left_type)
        if not _fits(operator, left_type, right_type):
            raise LinkError(f"{_called(left_type)} can't be compared by `{operator}` with {_called(right_type)}")
        return ["cmp", operator, left, right], "bool"

    def _right(self, expr: Expr, left_type: str) -> tuple[Expr, str]:
        if left_type.startswith("enum:"):
            return self._enum_value(expr, left_type)
        return self.link(expr)

    def _enum_value(self, expr: Expr, left_type: str) -> tuple[Expr, str]:
        accepted = self.scope.facts[left_type.removeprefix("enum:")].values
        if expr[0] == "list":
            parts = [self._enum_value(part, left_type)[0] for part in expr[1:]]
            return ["list", *parts], f"set:{left_type}"
        if expr[0] == "name" and expr[1] in accepted:
            return ["lit", "enum", expr[1]], left_type
        said = expr[1] if expr[0] == "name" else "this"
        raise LinkError(f"{said} is no value of {left_type[5:]}; accepted: {', '.join(accepted)}")


def _fits(operator: str, left: str, right: str) -> bool:
    if operator == "is":
        return left == right and not left.startswith("set:")
    if operator == "in":
        return right == f"set:{left}"
    if left == "span":
        return right == "period"
    return left == right and left in _COMPARABLE


_CALLED = {
    "bool": "a condition", "state": "a State", "set:state": "a set of States", "text": "text", "date": "a date",
    "period": "a period", "span": "a length of time", "percent": "a percentage", "number": "a number",
}  # fmt: skip


def _called(type_: str) -> str:
    if type_.startswith("enum:"):
        return f"a value of {type_[5:]}"
    return _CALLED.get(type_, type_)


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3)
    return f"; near to it: {', '.join(close)}" if close else ""
