"""How much are agents there, and how busy? A look once a minute, added up by agent and hour; no stream of what anybody did.

In: presence and slots as they are at that moment. Out: seconds by agent and hour, for the reports; removed after a while.
"""
