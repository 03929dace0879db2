"""Conditions with a name, for use in several rules: how the grammar reads them, how they are kept, and what uses them."""
