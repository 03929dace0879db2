"""How many of the last visits would a draft have matched? Conditions only, on moments read from the log beforehand."""
