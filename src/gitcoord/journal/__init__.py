"""The branch of machine-written facts: appended to by plumbing, pruned, synchronised."""
