"""Pictures and movies of run folders."""
