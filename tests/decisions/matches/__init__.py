"""Recorded visits, judged again."""
