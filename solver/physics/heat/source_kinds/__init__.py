"""What heats: one module a kind of source, and nothing else that lists them."""
