"""Whose data do we keep? Find a person, see what there is, hand it out, erase it."""
