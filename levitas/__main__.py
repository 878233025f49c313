"""`python -m levitas` is the command `levitas`."""

from levitas.solver.cli.main import main

if __name__ == "__main__":
    main()
