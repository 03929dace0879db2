"""Is it worth it? What help earned, what it cost, what it saved, what it broke, where shoppers struggle, who keeps promises.

In: the read functions of the reports (``read``, three queries in all). Out: sentences (``said``) and plain figures
(``figures``), which the overview, its file and the mails show alike.
"""
