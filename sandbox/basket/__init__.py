"""Oscar's basket with a short name for every size and colour."""
