"""How many asked, who found help without an agent, and was it solved the first time? What that saved.

In: conversations and the signals of who helped themselves, counted a day at a time (``contacts``, ``self_help``,
``satisfaction``). Out: the figures of some days (``read``), savings (``savings``), before beside after (``trend``).
"""
