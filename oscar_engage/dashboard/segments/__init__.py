"""Named trees of conditions: the pages that list, edit and delete them, and publish what uses them anew."""
