"""What do slow sources say? Values that a worker asks for, kept for the beats that need them."""
