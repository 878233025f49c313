"""Packaging: every folder of the checkout is installed under the one import name `levitas`."""

from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).resolve().parent
PACKAGES = {"levitas": "levitas", "levitas.kernels": "kernels", "levitas.cases": "cases"}
for top in ("solver", "postprocess"):
    for file in sorted((ROOT / top).rglob("__init__.py")):
        folder = file.parent.relative_to(ROOT).as_posix()
        PACKAGES[f"levitas.{folder.replace('/', '.')}"] = folder

setup(
    packages=list(PACKAGES),
    package_dir=PACKAGES,
    package_data={
        "levitas.kernels": ["*.cu", "*.h", "*.json"],
        "levitas.cases": ["*/*", "*/*/*"],
    },
)
