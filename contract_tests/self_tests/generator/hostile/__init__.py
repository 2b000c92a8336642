"""Documents that nobody honest would write, and careless ones: what is changed in one, what becomes of it."""
