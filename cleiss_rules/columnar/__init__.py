"""Millions of situations at once: tables in, tables out, by the same law and the same engine."""
