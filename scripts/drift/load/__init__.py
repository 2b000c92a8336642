"""Read the documents that the arguments of the command name, within limits: files, pages and addresses."""
