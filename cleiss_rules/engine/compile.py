"""From expression trees to functions of an ``Env``: each tree is walked once, then called.

A Boolean expression yields a truth value, a set expression a KnownSet or None, every other expression a plain value or
None for unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import eq, ge, gt, le, lt
from typing import Any

from cleiss_rules.calendar import Period, fits, reaches
from cleiss_rules.engine import shapes, truth
from cleiss_rules.engine.truth import DISCRETION, FALSE, NEGATION, TRUE, UNKNOWN, Truth
from cleiss_rules.facts.getters import ATTRIBUTES, GETTERS, NEED_PLACES, OF_EMPLOYERS, OF_ITEMS, OF_PARTS, OF_SITUATION
from cleiss_rules.facts.sets import NONE, KnownSet
from cleiss_rules.facts.situation import Situation
from cleiss_rules.law.model import Expr, FactSpec, Group, ParameterValue, Rule

Function = Callable[["Env"], Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """What the expressions of one version of an instrument refer to."""

    facts: Mapping[str, FactSpec]
    groups: Mapping[str, Group]
    parameters: Mapping[tuple[str, str], ParameterValue | None]
    definitions: Mapping[str, Rule]
    relation: str
    territory: frozenset[str]
    day: date


class Env:
    """One evaluation: the situation, the item looked at, what was computed already, and the rule sets it is part of."""

    __slots__ = ("engine", "item", "memo", "place", "sit")

    def __init__(self, sit: Situation, place: Callable[[Env], str | None], engine: Any = None) -> None:
        self.engine = engine
        self.sit = sit
        self.item: Any = None
        self.memo: dict[Any, Any] = {}
        self.place = place

    def place_of(self, activity: Any) -> str | None:
        """The State where an activity counts as pursued."""
        before, self.item = self.item, activity
        try:
            return self.place(self)
        finally:
            self.item = before


class Compiler:
    """Compiles the expressions of one wording; functions of definitions are shared and remember their value."""

    def __init__(self, wording: Wording, rules: Callable[[str], Function]) -> None:
        self.wording = wording
        self.rule_truth = rules
        self.definitions: dict[str, Function] = {}

    def compile(self, expr: Expr) -> Function:
        """The function of an expression."""
        handler: Callable[[Expr], Function] = getattr(self, f"_{expr[0]}")
        return handler(expr)

    def boolean(self, expr: Expr) -> Function:
        """The function of a condition; facts that are Booleans are turned into truth values."""
        read_off = self._of_one_flag(expr)
        if read_off is not None:
            return shapes.by_table(*read_off)
        if expr[0] != "fact" or self.wording.facts[expr[1]].type != "bool":
            return self.compile(expr)
        part = OF_PARTS.get(expr[1])
        if part is not None:
            return shapes.read_off_part(*part, True)
        if (read := OF_ITEMS.get(expr[1])) is not None:
            return shapes.read_by(read, True)
        function = self.compile(expr)
        return lambda env: UNKNOWN if (value := function(env)) is None else (TRUE if value else FALSE)

    def _of_one_flag(self, expr: Expr) -> tuple[str, Mapping[bool | None, Truth]] | None:
        """A condition on nothing but one yes or no of the item: its attribute, and the truth by what stands there."""
        if expr[0] in ("fact", "given"):
            fact = expr if expr[0] == "fact" else expr[1]
            attribute = _attribute_of(fact)
            if attribute is None or self.wording.facts[fact[1]].type != "bool":
                return None
            return attribute, _OF_FLAG if fact is expr else _FLAG_GIVEN
        inner = expr[1] if expr[0] == "not" else expr[2] if expr[:2] == ["call", "shown"] else None
        known = self._of_one_flag(inner) if inner is not None else None
        if known is None:
            return None
        attribute, table = known
        if expr[0] == "not":
            return attribute, {value: NEGATION[found] for value, found in table.items()}
        return attribute, {value: TRUE if found == TRUE else FALSE for value, found in table.items()}

    def _lit(self, expr: Expr) -> Function:
        _, type_, value = expr
        if type_ == "bool":
            constant: Any = TRUE if value else FALSE
        elif type_ == "period":
            constant = Period(value[0], value[1])
        elif type_ == "date":
            constant = date.fromisoformat(value)
        else:
            constant = value
        return lambda _env: constant

    def _param(self, expr: Expr) -> Function:
        found = self.wording.parameters.get((expr[1], expr[2]))
        value = None if found is None else found.value
        return lambda _env: value

    def _group(self, expr: Expr) -> Function:
        members = KnownSet.of(frozenset(self.wording.groups[expr[1]].on(self.wording.day)))
        return lambda _env: members

    def _run(self, expr: Expr) -> Function:
        if expr[1] == "territory":
            territory = KnownSet.of(frozenset(self.wording.territory))
            return lambda _env: territory
        relation = self.wording.relation
        return lambda _env: relation

    def _fact(self, expr: Expr) -> Function:
        path = expr[1]
        attribute = ATTRIBUTES.get(path)
        if attribute is not None:
            return lambda env: getattr(env.item, attribute)
        if path in OF_PARTS:
            return shapes.of_part(*OF_PARTS[path])
        if path in OF_EMPLOYERS:
            return shapes.of_employer(OF_EMPLOYERS[path])
        if path in OF_SITUATION:
            return shapes.of_situation(OF_SITUATION[path])
        getter = GETTERS[path]
        if len(expr) == 2:
            return lambda env: getter(env.sit, env.item)
        argument = self.compile(expr[2])
        if path in NEED_PLACES:
            key = tuple(map(str, expr[1:]))

            def shared(env: Env) -> Any:
                if key not in env.memo:
                    env.memo[key] = getter(env.sit, env.item, argument(env), env.place_of)
                return env.memo[key]

            return shared
        return lambda env: getter(env.sit, env.item, argument(env))

    def _answer(self, _expr: Expr) -> Function:
        return lambda env: env.place(env)

    def _def(self, expr: Expr) -> Function:
        key: str = expr[1]
        known = self.definitions.get(key)
        if known is not None:
            return known
        rule = self.wording.definitions.get(key)
        if rule is None:  # no wording of the notion is in force: its answer is not known
            nothing: Any = UNKNOWN if _is_boolean(key, self.wording) else None
            return lambda _env: nothing
        holder: list[Function] = []
        per_item = rule.each is not None

        def remembered(env: Env) -> Any:
            memo_key = (key, id(env.item)) if per_item else key
            memo = env.memo
            value = memo.get(memo_key, _ABSENT)
            if value is _ABSENT:
                value = memo[memo_key] = holder[0](env)
            return value

        self.definitions[key] = remembered
        if rule.assess is not None:
            holder.append(self._assessment(rule))
        elif rule.value is not None:
            holder.append(self.boolean(rule.value) if rule.type == "bool" else self.compile(rule.value))
        return remembered

    def _assessment(self, rule: Rule) -> Function:
        assert rule.assess is not None
        yes, no = self.boolean(rule.assess.yes), self.boolean(rule.assess.no)

        def assess(env: Env) -> Truth:
            clear = yes(env)
            if clear == TRUE:
                return TRUE
            against = no(env)
            if against == TRUE:
                return FALSE
            return UNKNOWN if UNKNOWN in (clear, against) else DISCRETION

        return assess

    def _and(self, expr: Expr) -> Function:
        return shapes.conjunction([self.boolean(part) for part in expr[1:]])

    def _or(self, expr: Expr) -> Function:
        return shapes.disjunction([self.boolean(part) for part in expr[1:]])

    def _not(self, expr: Expr) -> Function:
        if expr[1][:2] == ["call", "shown"]:
            return shapes.shown(self.boolean(expr[1][2]), negated=True)
        return shapes.negation(self.boolean(expr[1]))

    def _given(self, expr: Expr) -> Function:
        attribute = _attribute_of(expr[1])
        if attribute is not None:
            return lambda env: FALSE if getattr(env.item, attribute) is None else TRUE
        inner = self.compile(expr[1])
        return lambda env: FALSE if inner(env) is None else TRUE

    def _if(self, expr: Expr) -> Function:
        condition, then, other = self.boolean(expr[1]), self.compile(expr[2]), self.compile(expr[3])

        def choose(env: Env) -> Any:
            value = condition(env)
            if value == TRUE:
                return then(env)
            if value == FALSE:
                return other(env)
            one, two = then(env), other(env)
            return one if one == two else None

        return choose

    def _cmp(self, expr: Expr) -> Function:
        _, operator, left_expr, right_expr = expr
        if left_expr[:2] == ["call", "count"]:
            return self._counted(left_expr[2], operator, right_expr)
        left, right = self.compile(left_expr), self.compile(right_expr)
        if operator == "is" and right_expr[0] == "lit":
            constant = right(_NOBODY)
            attribute = _attribute_of(left_expr)
            if attribute is not None:
                return shapes.read_off(attribute, constant)
            if left_expr[0] == "fact" and left_expr[1] in OF_PARTS:
                return shapes.read_off_part(*OF_PARTS[left_expr[1]], constant)
            if left_expr[0] == "fact" and left_expr[1] in OF_ITEMS:
                return shapes.read_by(OF_ITEMS[left_expr[1]], constant)
            return lambda env: UNKNOWN if (value := left(env)) is None else (TRUE if value == constant else FALSE)
        if operator == "in":
            members = self.constant(right_expr)
            if members is not None:
                return shapes.one_of(left, members, _attribute_of(left_expr))
            return lambda env: _member(left(env), right(env))
        order = (_MEASURES if _is_span(left_expr, self.wording) else _ORDERS)[operator]
        if right_expr[0] in ("lit", "param"):
            return _compared_with(order, left, right(_NOBODY), _attribute_of(left_expr))
        return lambda env: _compare(order, left(env), right(env))

    def constant(self, expr: Expr) -> KnownSet | None:
        """A set that is the same in every evaluation, and that nobody has to be told was looked at; None for another."""
        if (
            expr[0] == "group"
            or expr == ["run", "territory"]
            or (expr[0] == "list" and all(part[0] == "lit" for part in expr[1:]))
        ):
            found: KnownSet = self.compile(expr)(_NOBODY)
            return found
        return None

    def others_tried(self, env: Env) -> None:
        """Told before States are tried that a case does not name; a compiler that watches writes it down."""

    def _counted(self, members_expr: Expr, operator: str, number_expr: Expr) -> Function:
        """``count(set) >= 2``: settled where it holds for every count that is possible, or for none."""
        number = self.compile(number_expr)
        if number_expr[0] in ("lit", "param") and (fixed := number(_NOBODY)) is not None:
            within = self.constant(members_expr[3]) if members_expr[:2] == ["call", "within"] else None
            counted = self.compile(members_expr if within is None else members_expr[2])
            return shapes.counted(counted, operator, fixed, within)
        members = self.compile(members_expr)

        def counting(env: Env) -> Truth:
            found, wanted = members(env), number(env)
            if wanted is None:
                return UNKNOWN
            if found is None:
                return shapes.count_compared(0, None, operator, wanted)
            return shapes.count_compared(len(found.must), found.highest, operator, wanted)

        return counting

    def _list(self, expr: Expr) -> Function:
        parts = [self.compile(part) for part in expr[1:]]

        def collected(env: Env) -> KnownSet:
            values = [part(env) for part in parts]
            known = frozenset(value for value in values if value is not None)
            return KnownSet(known, known, None in values, len(values))

        return collected

    def _some(self, expr: Expr) -> Function:
        _, domain, filter_expr, body_expr = expr
        chosen = self.boolean(filter_expr) if filter_expr is not None else None
        body, items_of = self.boolean(body_expr), shapes.LISTS[domain]

        def some(env: Env) -> Truth:
            before, result = env.item, FALSE
            for item in getattr(env.sit, items_of):
                env.item = item
                value = _both(chosen, body, env)
                if value == TRUE:
                    result = TRUE
                    break
                if value == UNKNOWN or (value == DISCRETION and result == FALSE):
                    result = value
            env.item = before
            return result

        return some

    def _every(self, expr: Expr) -> Function:
        _, domain, filter_expr, body_expr = expr
        chosen = self.boolean(filter_expr) if filter_expr is not None else None
        body, items_of = self.boolean(body_expr), shapes.LISTS[domain]

        def every(env: Env) -> Truth:
            before, result = env.item, TRUE
            for item in getattr(env.sit, items_of):
                env.item = item
                value = _implied(chosen, body, env)
                if value == FALSE:
                    result = FALSE
                    break
                if value == UNKNOWN or (value == DISCRETION and result == TRUE):
                    result = value
            env.item = before
            return result

        return every

    def _collect(self, expr: Expr) -> Function:
        _, domain, value, chosen = expr
        return shapes.collected(domain, self.compile(value), self.boolean(chosen) if chosen is not None else None)

    def _call(self, expr: Expr) -> Function:
        name = expr[1]
        if name == "meets":
            return self.rule_truth(expr[2][2])
        if name == "shown":
            return shapes.shown(self.boolean(expr[2]), negated=False)
        arguments = [self.compile(part) for part in expr[2:]]
        if name == "only":
            return lambda env: None if (found := arguments[0](env)) is None else found.only()
        if name == "first":
            return lambda env: None if (found := arguments[0](env)) is None else found.first()
        combine = _SET_FUNCTIONS[name]
        first, second = arguments
        return lambda env: None if (found := first(env)) is None else combine(found, second(env))


def _attribute_of(expr: Expr) -> str | None:
    """The attribute of the item that a fact is read off, where it is one that stands there as it is."""
    return ATTRIBUTES.get(expr[1]) if expr[0] == "fact" and len(expr) == 2 else None


def _compared_with(order: Callable[[Any, Any], bool], left: Function, constant: Any, attribute: str | None) -> Function:
    """A comparison with a threshold, which is the same in every evaluation; one that no source tells leaves it open."""
    if constant is None:
        return lambda _env: UNKNOWN
    if attribute is not None:
        return lambda env: (
            UNKNOWN if (value := getattr(env.item, attribute)) is None else (TRUE if order(value, constant) else FALSE)
        )
    return lambda env: UNKNOWN if (value := left(env)) is None else (TRUE if order(value, constant) else FALSE)


def _is_boolean(key: str, wording: Wording) -> bool:
    rule = wording.definitions.get(key)
    return rule is None or rule.type == "bool"


def _is_span(expr: Expr, wording: Wording) -> bool:
    return expr[0] == "fact" and wording.facts[expr[1]].type == "span"


#: for the constant functions of literals, which look at nothing
_NOBODY: Any = None
_ABSENT = object()
_OF_FLAG: Mapping[bool | None, Truth] = {None: UNKNOWN, True: TRUE, False: FALSE}
_FLAG_GIVEN: Mapping[bool | None, Truth] = {None: FALSE, True: TRUE, False: TRUE}
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": eq,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
_MEASURES: Mapping[str, Callable[[Any, Any], bool]] = {
    "<=": fits,
    ">": lambda span, period: not fits(span, period),
    ">=": reaches,
    "<": lambda span, period: not reaches(span, period),
}
_SET_FUNCTIONS: Mapping[str, Callable[[KnownSet, Any], KnownSet]] = {
    "without": lambda found, item: found.without(item),
    "within": lambda found, other: (
        KnownSet(NONE, found.may, found.open, found.most) if other is None else found.within(other)
    ),
    "else_if_empty": lambda found, other: found.or_if_empty(other if other is not None else KnownSet(NONE, NONE, True)),
}


def _compare(order: Callable[[Any, Any], bool], left: Any, right: Any) -> Truth:
    if left is None or right is None:
        return UNKNOWN
    return TRUE if order(left, right) else FALSE


def _member(item: Any, found: KnownSet | None) -> Truth:
    if found is None:
        return UNKNOWN
    return truth.of(found.holds(item))


def _both(chosen: Function | None, body: Function, env: Env) -> Truth:
    taken = TRUE if chosen is None else chosen(env)
    if taken == FALSE:
        return FALSE
    return body(env) if taken == TRUE else truth.all_of((taken, body(env)))


def _implied(chosen: Function | None, body: Function, env: Env) -> Truth:
    taken = TRUE if chosen is None else chosen(env)
    if taken == FALSE:
        return TRUE
    return body(env) if taken == TRUE else truth.any_of((NEGATION[taken], body(env)))
