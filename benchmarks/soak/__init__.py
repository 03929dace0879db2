"""Does work survive kill -9? Real huey workers are killed while they work, once with our outbox and once with huey alone.

``make soak`` runs it: :mod:`benchmarks.soak.run` once on SQLite and once on PostgreSQL, each a process of its own.
"""
