"""Why does a rule show, or why not? Every stage of a decision for one visit at one time, and nothing is written or counted."""
