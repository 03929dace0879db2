"""How does a conversation get to somebody else? Handed on with a reason, moved to another queue, taken over by a supervisor.

Whoever moves one says where it stood for them (``whereabouts``); if it has been moved since, nothing happens but an error.
"""
