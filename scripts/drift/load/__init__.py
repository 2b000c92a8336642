"""From an argument of the command to a document: files, pages and addresses, read within limits."""
