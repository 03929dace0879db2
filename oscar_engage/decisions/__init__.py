"""Whether to act: the gates in their order, the hold-out last, and a row for every eligible moment."""
