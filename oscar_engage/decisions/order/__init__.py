"""In which order do rules win that win at once? The stored formula, and its use at one moment.

In: the merchant's formula (``models``, ``store``) and what is known of the shopper. Out: the rule that goes first, and its
points (``ranking``). The arithmetic is ``decisions.priority``.
"""
