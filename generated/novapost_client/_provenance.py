# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""What this package was made from: SHA-256 of each source, versions of each tool."""

SOURCES = {
    "upstream": "c40077ea524b147ab08a0975e881f5546797e58f314434077234fe1e9814b1a1",
    "overlay": "a12ccbb87660187c49e8582ef2f0827bda69b21245c90e63b21b367ac1019986",
    "effective": "5e27f17cdfaf0a044cbcacc354e04b85285d8772e94a112c1815febc74aaf799",
    "settings": "cd7660ecd16177c7d00204c6929292557dac674690f934642d92dd5773b48b7f",
}
TOOLS = {
    "openapi-python-client": "0.29.1",
    "ruff": "0.14.14",
}
