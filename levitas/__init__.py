"""Levitas: fluid flow and solidification for making materials in microgravity."""

from pathlib import Path

_root = Path(__file__).resolve().parent.parent
if (_root / "setup.py").exists() and (_root / "kernels").is_dir():
    __path__.append(str(_root))  # an uninstalled checkout: levitas.solver is ../solver


def __getattr__(name: str) -> str:
    """`__version__`, looked up when asked for: that takes longer than all else here."""
    if name != "__version__":
        raise AttributeError(f"module 'levitas' has no attribute '{name}'")
    from importlib import metadata

    try:
        return metadata.version("levitas")
    except metadata.PackageNotFoundError:
        return "0.1.0"
