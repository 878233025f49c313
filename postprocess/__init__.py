"""Read run folders, measure defects, draw."""
