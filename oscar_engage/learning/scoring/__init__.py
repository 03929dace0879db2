"""What does a model say of a vector? The document of a model, and its scores in plain Python: no numpy in a web process."""
