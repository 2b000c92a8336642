"""The contract suite and its self tests. The mock that users install is in `mock/`."""
