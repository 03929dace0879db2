"""A bare shop."""
