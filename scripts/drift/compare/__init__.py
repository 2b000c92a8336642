"""What differs between two documents, as facts; whether that hurts anyone is not asked here."""
