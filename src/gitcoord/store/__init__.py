"""The files: where records lie, and the one way to change them."""
