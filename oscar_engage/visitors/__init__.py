"""Who is here and what we know of this visit: consent, identity, the visit's state as a fold over its signals."""
