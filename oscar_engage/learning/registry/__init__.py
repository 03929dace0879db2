"""Which models are there, and which one speaks? Signed documents, published and rolled back."""
