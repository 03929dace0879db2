"""What can go wrong, or be made to, one id a case: ``rows.toml`` lists them, tests carry them as ``attack("C03")``."""
