"""Priorities in the dashboard: the formula by which rules that win at once are put in order, tried on examples."""
