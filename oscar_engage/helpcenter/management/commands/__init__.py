"""Commands of the help centre."""
