"""How do the contact centre's volumes come in? The page that takes a file, and says of each wrong line what to type."""
