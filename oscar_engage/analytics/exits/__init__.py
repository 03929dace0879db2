"""When do shoppers leave? In: visits that have ended, in the signal log. Out: a curve for people and a variable for rules.

Ended visits become counts of page views (``fill``), the counts become shares (``curve``), and a rule reads the share of those
who were where this shopper is now (``risk``). Nothing about a person is kept.
"""
