"""How helpful was it? The shopper's word on a conversation (``give``), and figures of how conversations went (``figures``).

In: a rating from the shopper's page or the mailed link. Out: tables for supervisors (``read``), the last one for rules.
"""
