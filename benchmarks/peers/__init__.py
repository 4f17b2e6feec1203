"""One decision problem, expressed for this library and for its peers, with the same answers."""
