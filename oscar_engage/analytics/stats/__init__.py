"""What did we change, and how sure is that? Sufficient statistics in, estimates with intervals out; no database, no clock.

``moments`` and ``strata`` are what a rollup keeps, ``lift`` compares the arms, ``boundary`` says how wide an interval has to be
while one looks every day, ``caps`` where revenue is capped, ``power`` what could be seen at all, ``sample_ratio`` whether the
draw went as planned. ``shares`` and ``before_after`` are for what was not drawn. All of it in ``docs/how-lift-is-measured.md``.
"""
