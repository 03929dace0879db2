"""Why did a rule not show? The account of one visit, in words, for people who do not program."""
