"""Which rules stand once exceptions are counted: a rule stands when it is met and nothing that defeats it can stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cleiss_rules.engine.truth import FALSE, TRUE, Truth

_NONE: frozenset[str] = frozenset()


class Defeats(dict[str, tuple[str, ...]]):
    """The rules that defeat each rule, by key. A rule that nothing defeats is left out."""

    def __init__(self, rivals: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(rivals)
        self._rivals = {key: frozenset(defeating) for key, defeating in rivals.items()}

    def standing(self, truths: Mapping[str, Sequence[Truth]]) -> Mapping[str, tuple[bool, bool]]:
        """For every rule that may be met, whether it surely stands and whether it possibly does."""
        found: dict[str, tuple[bool, bool]] = {}
        if len(truths) == 1:  # nothing that could defeat it may be met
            ((key, values),) = truths.items()
            return {key: (TRUE in values, any(value != FALSE for value in values))}

        for key in truths:
            if key not in found:
                self._stands(key, truths, found)
        return found

    def _stands(
        self, key: str, truths: Mapping[str, Sequence[Truth]], found: dict[str, tuple[bool, bool]]
    ) -> tuple[bool, bool]:
        surely = possibly = True
        for rival in truths.keys() & self._rivals.get(key, _NONE):
            sure, maybe = found.get(rival) or self._stands(rival, truths, found)
            surely, possibly = surely and not maybe, possibly and not sure
        values = truths[key]
        possibly = possibly and any(value != FALSE for value in values)
        found[key] = known = surely and TRUE in values, possibly
        return known

    def unbeaten(self, truths: Mapping[str, Truth]) -> list[str]:
        """Of the rules that may be met, those that no other one defeats which is surely met, whatever defeats that."""
        return [key for key in truths if not any(truths.get(rival) == TRUE for rival in self.get(key, ()))]
