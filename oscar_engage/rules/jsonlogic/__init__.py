"""The same conditions in JsonLogic, out and in."""
