"""Reading input: TOML with lines, keys with units, expressions, errors. It knows no physics."""
