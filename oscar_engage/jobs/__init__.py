"""Work that must happen: an outbox table, leases and a sweep; huey only nudges.

In: (kind, key, payload). Out: handlers called at least once.
"""
