"""Recorded visits, explained."""
