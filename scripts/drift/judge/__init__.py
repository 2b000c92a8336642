"""From facts to findings: whom a difference hurts, decided by the values that each side allows."""
