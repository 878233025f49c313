"""Packaging: every folder of the checkout is installed under the one import name `levitas`."""

from setuptools import setup

PACKAGES = {
    "levitas": "levitas",
    "levitas.kernels": "kernels",
    "levitas.solver": "solver",
    "levitas.postprocess": "postprocess",
    "levitas.cases": "cases",
}

setup(
    packages=list(PACKAGES),
    package_dir=PACKAGES,
    package_data={
        "levitas.kernels": ["*.cu", "*.h", "*.json"],
        "levitas.cases": ["*/*", "*/*/*"],
    },
)
