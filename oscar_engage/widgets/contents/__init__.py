"""What a balloon can hold beside its words: a small registry of kinds, each with its settings, its facts and its template."""
