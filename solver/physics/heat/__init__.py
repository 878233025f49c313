"""Heat: the temperature field."""
