"""Picked places in the dashboard: the list with how well each is found, and the tool that picks them on a page of the shop."""
