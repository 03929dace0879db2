"""Counts of a day, declared as data: what the report pages read, so that none of them reads raw rows.

In: the rows of decisions, orders, conversations and so on, through a function that counts one day of them. Out: one document a
day and rollup, counted again as long as its day is open, then frozen and hashed; and sums of such documents over days.
"""
