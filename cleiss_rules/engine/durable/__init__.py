"""The same law evaluated by durable-rules: its rule sets, the process they run in, and the rule sets that ask it."""
