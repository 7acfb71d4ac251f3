"""What a proposed change of the records means for the work, before it is merged."""
