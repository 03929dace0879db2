"""Push: a process of its own holds the browsers' streams and wakes them; what was said they read by the poll, as ever."""
