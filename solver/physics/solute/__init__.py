"""Solute: a concentration carried by the flow."""
