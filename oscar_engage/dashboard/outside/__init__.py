"""How does it go with the outside desk? One page: whether it answers, what waits, what failed, and a try."""
