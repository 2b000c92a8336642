"""Find differences of schemas that no validator sees: texts, defaults, examples, discriminators, other keys.

May import `document` and the modules that compare single keys. The folder above finds the schemas.
"""
