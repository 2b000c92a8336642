"""Decide the levels of findings: levels of rules, deprecation, stability, explanations.

It changes findings that `judge` made, and adds those about deprecation and stability. It compares no schema.
"""
