"""The suite's knowledge of Nova Post's API: rules, model, steps, phones, readings of the daily limit.

Only this folder, the tests of the rules, the recorded parity script and the seeded defects may name this
API's operations and fields. A new rule, reading, recipe or strategy goes here.
"""
