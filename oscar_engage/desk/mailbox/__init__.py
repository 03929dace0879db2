"""Conversations by mail: what comes in, what goes out, and how one finds the other."""
