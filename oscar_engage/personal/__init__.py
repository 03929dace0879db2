"""What do we keep about people? Each package registers its own models here: whose a row is, how it leaves, how long it stays.

In come models with every field decided; out go the rows of a person. Who asks, and when, is the business of ``privacy``.
"""
