"""Pages that the shop's editors write in Wagtail, with parts for segments."""
