"""Conversations by mail: what comes in, what goes out."""
