"""How do agents practise? With shoppers whose needs are written down, in conversations that count nowhere else.

In: scripts (``script``, ``scripts``, a shop's own by ``registry``) and what the agent writes (``run``). Out: what the shopper
says next (``shopper``) and, at the end, what was found, missed and how fast (``judge``). Nothing here reads or writes a
conversation of the desk, but to see that a real shopper waits (``first``).
"""
