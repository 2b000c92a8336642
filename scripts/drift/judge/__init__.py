"""Turn facts into findings: decide whom a difference breaks, by the values that each side allows."""
