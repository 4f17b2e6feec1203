"""The case: models, reading, timeline, and the facts that rules ask for."""
