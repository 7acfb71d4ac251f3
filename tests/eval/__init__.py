"""How well search finds what it should: `make eval`."""
