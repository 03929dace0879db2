"""Work that must happen: an outbox table, leases and a sweep; huey only nudges.

In: a kind, a unique key and a payload of ids, written in the transaction that causes the work (``outbox.enqueue``). Out:
the handler registered for the kind (``registry.handler``) is called at least once; what it writes to the database happens once.
"""
