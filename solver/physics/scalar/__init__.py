"""Scalars carried by the fluid: what heat and solute share."""
