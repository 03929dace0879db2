"""Our pages in Oscar's dashboard, one folder per area. In: requests of staff. Out: pages and fragments."""
