"""Who did what? The trail of what members of staff did, to be read and narrowed down; nothing here can change it."""
