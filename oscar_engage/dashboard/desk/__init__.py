"""The desk in the dashboard: who waits, and a conversation with its whole context."""
