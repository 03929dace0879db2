"""Rules in the dashboard: list, nested editor, versions."""
