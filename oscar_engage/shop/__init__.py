"""The only door to Oscar's models: reads baskets and orders for the packages that ask."""
