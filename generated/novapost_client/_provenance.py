# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""What this package was made from: SHA-256 of each source, versions of each tool."""

SOURCES = {
    "upstream": "c40077ea524b147ab08a0975e881f5546797e58f314434077234fe1e9814b1a1",
    "overlay": "84c4c6f7761587db45ec941885ece3402def66bf2369ea8af6e11af7b744bd92",
    "effective": "f935f1517fb735d9a2dc973a15ff3c0cbf73304732cb441fcb2b5e2a1fe1dedb",
    "settings": "cd7660ecd16177c7d00204c6929292557dac674690f934642d92dd5773b48b7f",
}
TOOLS = {
    "openapi-python-client": "0.29.1",
    "ruff": "0.14.14",
}
