"""The hooks of pytest: what is collected, in which order; how a test ends; progress; which examples are kept.

May import the folder above. A hook goes to the file of its phase.
"""
