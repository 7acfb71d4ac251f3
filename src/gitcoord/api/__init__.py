"""One function per intention; the only layer that opens a transaction."""
