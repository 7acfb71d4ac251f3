"""A git-native tracker that coordinates work across many repositories."""

__version__ = "0.1.0"
