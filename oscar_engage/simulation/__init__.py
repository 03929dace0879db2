"""A shop full of shoppers whose minds are known: what would each have done alone, and what when invited?

In: a seed, a size and :mod:`~oscar_engage.simulation.parameters`. Out: visits driven through the product's own rules, gates and
arms, the rows they leave behind, and the truth to lay beside what the reports measure. Nothing here runs in a shop that sells.
"""
