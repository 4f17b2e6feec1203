"""The law as data: reading ``agreements/``, the expression grammar, the intermediate representation."""
