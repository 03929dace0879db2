"""Where does the site hurt? Struggles by the spot where they happened, with the baskets that were at stake.

In come the signals of visits that are over (``spots`` reads one, ``visit`` a whole visit), out goes a rollup (``count``) and,
for pages, the spots ranked by what was at stake (``report``). Counts only: a visit is in many cells, and in none by itself.
"""
