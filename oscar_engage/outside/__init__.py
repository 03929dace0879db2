"""Can a shop that answers in another help desk have our conversations there? They are carried there, and answers come back.

In: what happens at the desk (``hear``, ``sweep``), and what the other desk tells us (``receive``). Out: jobs that bring that
one up to date (``carry``), ask it how it stands (``fetch``) and have it forget (``forget``), by the adapter that the shop named
(``port``). What comes back goes the way of every answer: ``desk.post``, ``desk.take``.
"""
