"""Kinds of pictures: declared once, each drawn by the module of its name."""

import subprocess
import sys
from importlib import import_module
from inspect import signature

import pytest

from levitas.postprocess.kinds.table import DERIVED, KINDS
from levitas.postprocess.pictures.render import PictureRequest
from levitas.postprocess.pictures.slice import TITLES
from levitas.solver.case.picture_section import FIELDS, PictureParams


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_drawn_by_the_module_of_its_name(name):
    module = import_module(f"levitas.postprocess.pictures.{name}")
    assert len(signature(module.picture).parameters) == 2


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_takes_keys_that_there_are(name):
    kind = KINDS[name]
    assert set(kind.keys) <= set(PictureParams.model_fields) - {"kind", "name"}
    assert set(kind.needed) <= set(kind.keys)
    assert bool(kind.variables) == ("reference" in kind.keys)
    assert bool(kind.derived) == ("field" in kind.keys)


def test_whatever_can_be_shown_has_a_title():
    assert set(TITLES) == {*FIELDS, *DERIVED}


def test_the_name_of_a_picture_comes_from_what_it_shows():
    def name(**keys):
        return PictureRequest(PictureParams(**keys)).name

    assert name(kind="slice") == "slice"
    assert name(kind="slice", field="p", streamlines=True) == "slice-p-streamlines"
    assert name(kind="line", along="x", field="T") == "line-T-x"
    assert name(kind="series", quantities=["max_speed", "p_error"]) == "series-max_speed"
    assert name(kind="variants", metric="max_speed", x="grid.nx") == "variants-max_speed"
    assert name(kind="film", name="coat") == "coat"


def test_a_misspelt_key_of_a_request_is_an_error():
    request = PictureRequest(PictureParams(kind="slice"))
    with pytest.raises(AttributeError):
        _ = request.section.feild


def test_reading_the_kinds_loads_nothing_that_draws_or_computes():
    code = (
        "import sys, levitas.postprocess.kinds.table;"
        "sys.exit(any(m in sys.modules for m in ('matplotlib', 'pyvista', 'numpy', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
