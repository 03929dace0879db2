"""The bank the shop sends people to: another site, as far as the shopper can tell."""
