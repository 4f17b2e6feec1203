"""Checks of the law and of its fixtures: which rules and conditions are exercised, which changes nobody would notice."""
