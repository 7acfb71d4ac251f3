"""Run a command of a record: its words, its surroundings, and its end."""
