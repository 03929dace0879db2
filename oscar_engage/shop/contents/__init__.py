"""What the shop puts into a balloon: values for its words, facts about a product, suggestions, a voucher."""
