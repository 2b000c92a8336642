# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""What this package was made from: SHA-256 of each source, versions of each tool."""

SOURCES = {
    "upstream": "c40077ea524b147ab08a0975e881f5546797e58f314434077234fe1e9814b1a1",
    "overlay": "1f8160c595aa02787eda8a60b73a3cf9185a00941abf30b3c66ba4fc8b9f837c",
    "effective": "5c72932c20d5dffca29332dc3db69fd886a2f3327cb03be00f520776844efe4e",
    "settings": "1b6dbbb0c02f9b4805c1b59a199635f44af131e74c8ee777b2e77e9571377406",
}
TOOLS = {
    "openapi-python-client": "0.29.1",
    "ruff": "0.14.14",
}
