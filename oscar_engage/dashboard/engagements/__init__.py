"""Engagements in the dashboard: list, form, live preview."""
