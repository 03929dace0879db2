"""Ready-made replies: the pages on which supervisors write them and agents read them, and what is filled into them."""
