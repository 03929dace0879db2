"""Who comes, how do they look round, and what would they have done without us? Pure: chance and clock are arguments.

In: parameters and a seed. Out: shoppers with both latent outcomes, and their visits as signals with times.
"""
