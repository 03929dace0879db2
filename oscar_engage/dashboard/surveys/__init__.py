"""Surveys in the dashboard: list, form, results."""
