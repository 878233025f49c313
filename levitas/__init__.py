"""Levitas: fluid flow and solidification for making materials in microgravity."""

from importlib import metadata
from pathlib import Path

_root = Path(__file__).resolve().parent.parent
if (_root / "setup.py").exists() and (_root / "kernels").is_dir():
    __path__.append(str(_root))  # an uninstalled checkout: levitas.solver is ../solver

try:
    __version__ = metadata.version("levitas")
except metadata.PackageNotFoundError:
    __version__ = "0.1.0"
