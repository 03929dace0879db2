"""Tests of what judges the measurements; the measurements themselves are run by ``make bench``."""
