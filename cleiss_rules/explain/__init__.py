"""From a proof to words: the short answer for a letter, the full one with every condition, and HTML for notebooks."""
