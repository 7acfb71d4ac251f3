"""What can be measured in the repositories of the ecosystem."""
