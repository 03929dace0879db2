"""The line of shoppers who wait until an agent could be offered to them."""
