"""On which step is a question solved? From an article that one reads alone to an agent who calls, the cheapest first.

In: the order that supervisors keep (``store``), and what is known of who asks (``choose``). Out: the steps that are offered, in
their order (``steps.climb``).
"""
