"""Reference solutions: pure functions of numbers."""
