"""The program: case, grid, physics, time loop, files, command line."""
