"""The evaluator: plain Python over plain values; no Django, no I/O, no clock."""
