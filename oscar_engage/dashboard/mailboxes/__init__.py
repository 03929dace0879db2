"""Where mail comes in, and what was refused: the pages on which a supervisor sees to mailboxes."""
