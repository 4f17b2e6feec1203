"""Sets of which some members are certain and some only possible: a set under three-valued logic."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

Items = frozenset[Hashable]
NONE: Items = frozenset()
#: more members than any set has
UNBOUNDED = 1 << 30


@dataclass(slots=True, unsafe_hash=True)
class KnownSet:
    """``must`` are members, ``may`` (which contains ``must``) could be; ``open``: something unnamed could be too.

    ``most``: it has no more members than that; one activity is done in one State, even where nobody knows in which.

    Treated as immutable; not frozen, because a frozen one takes twice as long to make and an answer makes dozens.
    """

    must: Items
    may: Items
    open: bool = False
    most: int = UNBOUNDED

    @classmethod
    def of(cls, items: Items) -> KnownSet:
        """A set that is fully known."""
        return cls(items, items)

    @property
    def exact(self) -> bool:
        """Whether every member is known."""
        return not self.open and len(self.must) == len(self.may)

    @property
    def highest(self) -> int:
        """How many members it has at most."""
        return self.most if self.open else min(self.most, len(self.may))

    def within(self, other: KnownSet) -> KnownSet:
        """The members that are in the other set too."""
        may = self.may if other.open else self.may & other.may
        if self.open:
            may |= other.may
        return KnownSet(self.must & other.must, may, self.open and other.open, min(self.most, other.most))

    def without(self, item: Hashable | None) -> KnownSet:
        """The set less one member; a member that is unknown may be any."""
        if item is None:
            if not self.may and not self.open:
                return self
            return KnownSet(NONE, self.may, self.open, self.most)
        gone = frozenset((item,))
        return KnownSet(self.must - gone, self.may - gone, self.open, self.most)

    def first(self) -> Hashable | None:
        """The first member by name, of a set that is fully known: for texts that keep two States side by side."""
        return min(self.must, key=str) if self.exact and self.must else None

    def or_if_empty(self, other: KnownSet) -> KnownSet:
        """This set, or the other one where this one has no member."""
        if self.must:
            return self
        if not self.may and not self.open:
            return other
        may = self.may | other.may
        open_ = self.open or other.open
        certain = may if len(may) == 1 and other.must == may and not open_ else NONE
        return KnownSet(certain, may, open_, max(self.highest, other.highest))

    def holds(self, item: Hashable | None) -> bool | None:
        """Whether the item is a member: True, False, or None for unknown."""
        if item is None:
            return None if self.may or self.open else False
        if item in self.must:
            return True
        return None if self.open or item in self.may else False

    def only(self) -> Hashable | None:
        """The single member; None when it is not known to be single."""
        return next(iter(self.must)) if len(self.must) == 1 and self.exact else None
