"""The grid, its blocks on ranks, fields on them, halos between them."""
