"""Shipped cases and materials (data only)."""
