"""Operations that no rule is written for, answered after their schemas.

`compile` reads an operation of the document tree, `behaviour` answers a request to it; the other modules are
one noun each: patterns, values, media types, parameters, bodies, credentials.
"""
