"""What `coord init --demo` puts into a hub: a real ecosystem, and half a year of its work."""
