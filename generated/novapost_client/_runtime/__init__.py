# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The code that all operations of a client share.

These modules are copied whole into every generated package as `_runtime`, so they import one another
relatively, know no operation, and need only httpx.
"""
