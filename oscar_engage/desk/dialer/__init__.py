"""How many shoppers may be invited now? Places kept for those who were, and a budget for more. See docs/dialer.md."""
