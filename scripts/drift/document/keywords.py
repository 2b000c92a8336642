"""Which keys of a description hold names, and which hold data in which nothing is a keyword."""

COMPONENTS = (
    *("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes"),
    *("links", "callbacks", "pathItems", "mediaTypes"),
)
# Maps whose keys are names and not keywords.
NAMES = frozenset(
    {*COMPONENTS, "properties", "patternProperties", "dependentSchemas", "$defs", "content", "encoding"}
)
DATA = frozenset({"example", "default", "const", "enum", "value"})
