"""Many runs of a case: variants, grids, sweeps."""
