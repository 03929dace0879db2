"""How do simulated shoppers go through the product itself, in minutes for a hundred thousand visits?

In: arrivals of the world. Out: rows as beats would have left them. The state's fold, the live rules, the gates, the draw of
arms and the vectors are the product's own; only the database is replaced by memory, and written once a simulated day.
"""
