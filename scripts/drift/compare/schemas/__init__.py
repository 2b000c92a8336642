"""The facts about schemas that no validator sees: words, defaults, examples, heirs, and what nobody judges.

It may import `document` and what compares single keys; where schemas stand is known one level up.
"""
