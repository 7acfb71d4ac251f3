"""What happened to the records, derived from the commits that touch them."""
