"""Nova Post's API as the suite knows it: rules, model, steps, phones, readings of the daily limit.

The only folder of the suite that may name this API's operations and fields, beside the tests of the rules,
the recorded parity script and the seeded defects. A new rule, reading, recipe or strategy goes here.
"""
