"""How is a model fitted, judged and exported? The only place that knows scikit-learn.

A web process imports nothing of it but ``ladder``.
"""
