"""Settings of a hub and of this machine."""
