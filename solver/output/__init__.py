"""Files of a run: snapshots, series, checkpoints, the folder, each whole or absent."""
