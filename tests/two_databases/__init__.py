"""A shop that keeps our tables in a database of their own; run with ``--ds=tests.settings_two_databases``."""
