"""Do we keep our bars? Ratios and differences measured in one run: ``python -m benchmarks storefront|size|beat``."""
