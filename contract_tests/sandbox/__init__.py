"""A guest's manners on the vendor's own sandbox, in one place under the transport."""
