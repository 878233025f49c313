"""Gravity as a signal: one acceleration vector of time."""
