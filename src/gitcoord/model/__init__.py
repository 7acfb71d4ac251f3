"""Values and rules of the tracker; no I/O."""
