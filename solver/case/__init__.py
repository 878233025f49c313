"""A case: its sections together, resolved to numbers, held against the limits."""
