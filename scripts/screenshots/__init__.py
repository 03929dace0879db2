"""Takes the pictures of the documentation from a sandbox shop in a real browser: make screenshots."""
