"""How far did each engagement come? From the moment in which its rule held to the order, as counts of a day."""
