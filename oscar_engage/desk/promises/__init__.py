"""What do we promise who asks? Policies with minutes and opening hours, their clocks, and what follows when one is broken.

In: a conversation that begins, answers and questions in it, a sweep. Out: ``due_at`` and ``resolve_by`` of the conversation,
its standing for the desk (``standing``), hooks, and the escalation to supervisors.
"""
