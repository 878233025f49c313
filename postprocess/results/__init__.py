"""Run folders read back: fields, measures, checks."""
