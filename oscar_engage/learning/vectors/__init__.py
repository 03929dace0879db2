"""What was scored, when and with what? The log that models are trained from, and from nothing else."""
