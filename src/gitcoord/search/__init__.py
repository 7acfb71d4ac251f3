"""Search: documents with their words and vectors, models that embed texts, and how hits are ranked."""
