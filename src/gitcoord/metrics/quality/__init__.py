"""The quality of one repository: what its own tools say, and one score with its formula."""
