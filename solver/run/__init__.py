"""One run: the simulation, its loop, why it ends."""
