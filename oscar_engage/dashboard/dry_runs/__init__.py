"""What would a draft have done? Begin a dry run, watch it, read what came of it."""
