"""How do simulated shoppers come through the front door? A few of them as real HTTP clients of a running shop.

In: an address and a seed. Out: pages opened, beats sent and baskets filled there. They do not pay.
"""
