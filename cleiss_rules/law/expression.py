"""From the text of an expression to its tree.

A tree is nested lists of plain JSON values, the head being the operator, so that it can be kept in a file and read
by every engine. Names are resolved and types are checked later, in ``link``; this module only knows the grammar.

========== ================================================================
head       the rest
========== ================================================================
lit        type, value (dates as ISO text; a period as ``[count, unit]``)
name       dotted name
and, or    expressions
not        expression
cmp        operator (``is``, ``in``, ``<=``, ``>=``, ``<``, ``>``), left, right
given      expression
some, every  domain, filter or null, expression
collect    domain, expression, filter or null
call       function name, arguments
list       expressions
if         condition, then, else
========== ================================================================
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cleiss_rules.calendar import Period

if TYPE_CHECKING:
    from lark import Lark

Expr = list[Any]

_UNITS = {"day": ("days", 1), "week": ("days", 7), "month": ("months", 1), "year": ("months", 12)}


class ExpressionError(ValueError):
    """The text is not an expression of the grammar; the message tells where and what would be accepted."""


@lru_cache(maxsize=1)
def _parser() -> Lark:
    from lark import Lark

    grammar = files("cleiss_rules.law").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=True)


@lru_cache(maxsize=4096)
def parse(text: str) -> Expr:
    """The tree of one expression. Raises ExpressionError with the column and what was expected there."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

    try:
        tree = _parser().parse(text)
    except UnexpectedToken as error:
        accepted = ", ".join(sorted(error.accepts or error.expected))
        message = f"column {error.column}: {str(error.token)!r} can't stand here; accepted: {accepted}"
        raise ExpressionError(message) from None
    except UnexpectedCharacters as error:
        message = f"column {error.column}: {text[error.column - 1 :][:1]!r} belongs to no word of the grammar"
        raise ExpressionError(message) from None
    except (UnexpectedEOF, UnexpectedInput) as error:
        raise ExpressionError(f"the expression is not complete: {error}") from None
    return _tree(tree)


def _tree(node: Any) -> Expr:
    kind = str(node.data)
    build = _BUILDERS.get(kind)
    if build is None:
        raise ExpressionError(f"{kind} has no meaning")
    tree: Expr = build(node.children)
    return tree


def _nary(head: str) -> Any:
    return lambda children: [head, *(_tree(child) for child in children)]


def _cmp(operator: str, *, negated: bool = False) -> Any:
    def build(children: list[Any]) -> Expr:
        left, right = children
        result: Expr = ["cmp", operator, _tree(left), _tree(right)]
        return ["not", result] if negated else result

    return build


def _quantified(children: list[Any]) -> Expr:
    quantifier, domain, condition, body = children
    head = str(quantifier)
    filter_ = _tree(condition) if condition is not None else None
    if head == "no":
        return ["not", ["some", str(domain), filter_, _tree(body)]]
    return [head, str(domain), filter_, _tree(body)]


def _quantity(children: list[Any]) -> Expr:
    number, unit = str(children[0]), str(children[1])
    if unit == "%":
        return ["lit", "percent", float(number)]
    base, factor = _UNITS[unit.rstrip("s")]
    if "." in number:
        raise ExpressionError(f"{number} {unit}: a period counts whole {unit}")
    return ["lit", "period", [int(number) * factor, base]]


def _collect(children: list[Any]) -> Expr:
    domain, value, condition = children
    return ["collect", str(domain), _tree(value), _tree(condition) if condition is not None else None]


def _call(children: list[Any]) -> Expr:
    return ["call", str(children[0]), *(_tree(child) for child in children[1:] if child is not None)]


_BUILDERS: dict[str, Any] = {
    "if_else": lambda children: ["if", _tree(children[1]), _tree(children[0]), _tree(children[2])],
    "disjunction": _nary("or"),
    "conjunction": _nary("and"),
    "negate": _nary("not"),
    "quantified": _quantified,
    "is_": _cmp("is"),
    "is_not": _cmp("is", negated=True),
    "in_": _cmp("in"),
    "not_in": _cmp("in", negated=True),
    "order": lambda children: ["cmp", str(children[1]), _tree(children[0]), _tree(children[2])],
    "given": _nary("given"),
    "quantity": _quantity,
    "number": lambda children: ["lit", "number", float(children[0])],
    "day": lambda children: ["lit", "date", str(children[0])],
    "text": lambda children: ["lit", "text", str(children[0])[1:-1]],
    "code": lambda children: ["name", str(children[0])],
    "name": lambda children: ["name", str(children[0])],
    "true": lambda _children: ["lit", "bool", True],
    "false": lambda _children: ["lit", "bool", False],
    "collect": _collect,
    "call": _call,
    "listed": _nary("list"),
}


def literal_value(expr: Expr, wanted: str) -> Any:
    """The Python value of a literal: a Period, a date, a number, text. Raises ExpressionError for anything else."""
    if expr[0] != "lit" or expr[1] != wanted:
        raise ExpressionError(f"a literal of type {wanted} or unknown is expected")
    _, type_, value = expr
    if type_ == "period":
        return Period(value[0], value[1])
    if type_ == "date":
        return date.fromisoformat(value)
    return value
