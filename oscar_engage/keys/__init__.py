"""Which programs may ask us, as whom, for what? Keys that act as who made them; only their digests are kept."""
