"""How does a shop answer a person who asks for their data? Find, export, erase; and forget whom nobody has seen for long.

In comes who asks; out go one document, an erasure that goes on until nothing is found, and its progress. What there is to
find, each package says itself, in the registry of ``personal``.
"""
