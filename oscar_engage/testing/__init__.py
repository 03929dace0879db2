"""Helpers for tests of shops and of this package."""
