"""One question at the right place: what it asks (``models``, ``words``), whether now (``wait``), what was said (``answer``).

In: an engagement of the widget ``survey`` that a rule shows. Out: answers, the signal ``survey.answered`` without any words of
the shopper's, and shares with their intervals for merchandisers (``read``, ``results``).
"""
