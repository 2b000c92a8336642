"""Find and validate a value that one schema takes and another refuses.

The only folder of drift that knows the validator.
"""
