"""Materials: properties and laws, each with its source."""
