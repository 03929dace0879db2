"""What did help change? Both arms of each rule and of the whole shop, as sums of a day from which every comparison is made.

In: the draws, the orders and the ratings of the days around one day (``count``). Out: a rollup of sufficient statistics
(``tally``), and what may be said from it (``read``).
"""
