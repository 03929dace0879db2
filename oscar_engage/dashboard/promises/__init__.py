"""What shoppers are promised: the pages that list, edit and delete policies and opening hours."""
