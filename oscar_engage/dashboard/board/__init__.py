"""The supervisors' board: what waits where, who is there, and how to step in."""
