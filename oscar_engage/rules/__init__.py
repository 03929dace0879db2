"""Whom to help: grammar, typed variables, evaluator, versions.

In: a moment. Out: the rules that hold, and when to look again.
"""
