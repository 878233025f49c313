"""The worked additions of docs/examples.md: put in, they work, and cost no more files than said."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/examples.md").read_text()
ADD = (ROOT / "docs/architecture.md").read_text().partition("## How to add")[2]
FOLDERS = "levitas kernels solver postprocess cases/materials tests/support docs".split()

#: heading -> what stands in for NAME of the instructions, the most files it may cost, what runs it
EXAMPLES = {
    "A physics": ("tracer", 11, "tests/physics/test_tracer.py"),
    "A kind of boundary": ("slip", 6, "tests/physics/test_slip.py"),
    "A metric": ("mixing", 2, "tests/postprocess/metrics/test_mixing.py"),
    "A picture": ("histogram", 3, None),
    "A source of heat": ("even", 2, "tests/physics/test_even.py"),
}
DRAWN = """
[case]
units = "lattice"
end = { steps = 2 }
[grid]
cells = [8, 8, 1]
[materials]
liquid = { density = 1.0, viscosity = 0.1 }
[flow]
[output]
pictures = [{ kind = "histogram", field = "u" }]
"""


def blocks(heading):
    """[(NEW or IN, file, line after which, text)] of the blocks below a heading."""
    text = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    (section,) = [part for part in text if part.startswith(heading + "\n")]
    found = re.findall(
        r"^~~~\w+ (NEW|IN) (\S+)(?: AFTER ([^\n]*))?\n(.*?)^~~~$", section, re.MULTILINE | re.DOTALL
    )
    assert found, f"no blocks below '{heading}'"
    return found


def put_in(checkout, heading):
    """Apply the blocks to a checkout; the files touched."""
    for how, file, after, text in blocks(heading):
        path = checkout / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if how == "NEW":
            assert not path.exists(), f"{file} is there already"
            path.write_text(text)
            continue
        lines = path.read_text().splitlines(keepends=True)
        places = [n for n, line in enumerate(lines) if line.startswith(after)]
        assert len(places) == 1, f"{file}: {len(places)} lines begin with '{after}'"
        at = places[0]
        path.write_text("".join([*lines[: at + 1], text, *lines[at + 1 :]]))
    return {file for _, file, _, _ in blocks(heading)}


def documented(heading):
    """Files that the instructions name for an addition of this kind."""
    (item,) = [p for p in re.split(r"\n(?=\*\*)", ADD) if p.startswith(f"**{heading}.**")]
    return set(re.findall(r"`([\w/.-]+/[\w.-]+\.\w+)`", item))


@pytest.fixture
def checkout(tmp_path):
    """A copy of the program, ready to be changed."""
    for folder in FOLDERS:
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    for file in ("setup.py", "pyproject.toml", "cases/__init__.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def run(checkout, *words):
    """A Python of the changed program; its output."""
    env = os.environ | {"PYTHONPATH": str(checkout)}
    done = subprocess.run(
        [sys.executable, *words], cwd=checkout, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("heading", EXAMPLES)
def test_it_works_and_costs_what_is_said(heading, checkout):
    name, most, test = EXAMPLES[heading]
    touched = put_in(checkout, heading)
    assert len(touched) <= most, f"{len(touched)} files: {sorted(touched)}"
    said = {file.replace("NAME", name) for file in documented(heading)}
    assert touched <= said, f"not in the instructions: {sorted(touched - said)}"
    assert len(said) <= most, f"the instructions name {len(said)} files"
    if test is None:
        (checkout / "case.toml").write_text(DRAWN)
        run(checkout, "-m", "levitas", "run", "case.toml", "--out", "out")
        assert (checkout / "out/pictures/histogram-u.png").stat().st_size > 5000
    else:
        assert " passed" in run(checkout, "-m", "pytest", "-q", "-p", "no:cacheprovider", test)


def test_a_new_physics_is_known_everywhere(checkout):
    put_in(checkout, "A physics")
    keys = run(checkout, "-m", "levitas", "list", "keys")
    assert "tracer" in keys and "heat that a unit of it sets free" in keys
    assert "tracer_content" in run(checkout, "-m", "levitas", "list", "metrics")
