"""Flow: lattice Boltzmann in moments, what drives it, open faces."""
