"""The equations: one folder a physics, advanced in the order of `PHYSICS`."""
