"""Which programs have keys? The page of the keys of the interface for programs."""
