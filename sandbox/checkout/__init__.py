"""Oscar's checkout with a way to pay: a card form, or the bank's own page."""
