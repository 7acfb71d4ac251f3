"""A derived lookup over the records; safe to delete at any moment."""
