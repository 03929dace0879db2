"""Hashing, ids, registry."""
