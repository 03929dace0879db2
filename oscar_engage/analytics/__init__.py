"""What it earned: orders of known visitors and the report of a rule in both arms."""
