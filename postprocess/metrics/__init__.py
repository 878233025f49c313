"""Measures: pure functions of arrays. They know no case and no files."""
