"""Documents by an attacker, and documents with mistakes: each with its change and the expected result."""
