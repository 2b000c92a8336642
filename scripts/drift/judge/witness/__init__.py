"""Find and validate a value that one schema allows and another refuses.

This is the only folder of drift that knows the validator.
"""
