"""What was it about, and was it solved? What an agent says of a conversation at its end, and what that adds up to.

In: the agent's word at wrap-up (``wrap``), the topics that supervisors keep (``store``). Out: what still lacks that word, and
each topic's figures (``figures``).
"""
