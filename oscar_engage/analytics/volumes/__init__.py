"""How many contacts did the contact centre have before? A CSV file of the shop's, checked row by row, kept by day.

In: the file as it came (``decode``, then ``check``: plain Python). Out: rows of the model, which replace the days that they are
about (``store``), and what is known of each day (``read``).
"""
