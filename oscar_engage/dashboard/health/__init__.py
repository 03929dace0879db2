"""Is everything running? Counters, jobs, breaker, rules stamp."""
