"""Whom does help help? Features, models that learn from the hold-out, and what they say while the shopper is here.

``features`` turns a visit into a vector, ``vectors`` keeps each vector that was scored, ``training`` fits models (scikit-learn,
in a process of its own), ``registry`` keeps them, ``scoring`` applies them in plain Python, ``foretell`` asks those that speak
while the shopper is here, ``leads`` says what that makes of a shopper and advises the gates, ``words`` says it to people, and
``nightly`` runs all that with nobody watching.
"""
