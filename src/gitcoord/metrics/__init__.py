"""Figures of repositories: collectors, snapshots on the journal, and what is told of them."""
