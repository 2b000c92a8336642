"""Decide what findings mean to whoever compares: levels of rules, deprecation, stability, explanations.

It changes findings that `judge` made and adds those about an operation's life; it compares no schema.
"""
