"""Coverage of a repository: every source that is there, what each says, and which one counts."""
