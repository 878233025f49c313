"""Pictures in a case file: keys that fit their kind, and one line for each that does not."""

import pytest

from levitas.solver.case.case import Case
from levitas.solver.errors import CaseError
from levitas.solver.input.kinds import given_keys
from tests.support.case import write
from tests.support.case_texts import DROP, SINGLE


def _read(tmp_path, picture, text=DROP):
    lines = text.replace("[output]\n", f"[output]\npictures = [{{ {picture} }}]\n")
    if "[output]" not in text:
        lines = f"{text}[output]\npictures = [{{ {picture} }}]\n"
    return Case.read(write(tmp_path, lines))


@pytest.mark.parametrize(
    "picture",
    [
        'kind = "slice", field = "p", streamlines = true, frame = "drop", at = "1 mm"',
        'kind = "line", along = "x", at = ["1 mm", 0], times = ["1 ms", "2 ms"]',
        'kind = "line", along = "z", field = "w", reference = "x + y*z*t", reference_name = "T"',
        'kind = "film", normal = "x", along = "z", times = ["1 ms"]',
        'kind = "series", quantities = ["max_speed"], reference = "exp(-t)*shape.radius"',
        'kind = "movie", field = "p", streamlines = true',
    ],
)
def test_pictures_are_read(tmp_path, picture):
    (found,) = _read(tmp_path, picture).model.output.pictures
    assert given_keys(found) - {"kind", "name"}


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        ('kind = "series", field = "p"', "field does not belong to a series picture; it takes"),
        ('kind = "oscillation", time = 0', "time does not belong to an oscillation picture"),
        ('kind = "line", field = "u"', "line needs along"),
        ('kind = "variants", metric = "max_speed"', "variants needs metric and x"),
        ('kind = "line", along = "x", time = 0, times = [1]', "give time or times"),
        ('kind = "film", reference_name = "Orchard"', "give reference too"),
        ('kind = "series", reference = "t"', "give quantities"),
        ('kind = "slice", at = [0, 1]', "one place of a slice"),
        ('kind = "line", along = "x", at = [0, 1, 2]', "one or two of a line"),
        ('kind = "film", normal = "x", along = "x"', "different axes"),
        ('kind = "line", along = "x", field = "vorticity"', "by slices only"),
        ('kind = "slice", field = "T"', '"T" needs a [heat] section'),
        ('kind = "slice", field = "q"', "pictures"),
        ('kind = "series", quantities = ["max_speed"], reference = "x"', "unknown name 'x'"),
        ('kind = "line", along = "x", reference = "radius"', "unknown name 'radius'"),
        ('kind = "film", reference = "1 +"', "not an expression"),
    ],
)
def test_faults_say_what_to_do(tmp_path, picture, said):
    with pytest.raises(CaseError) as caught:
        _read(tmp_path, picture)
    lines = str(caught.value).splitlines()
    assert len({line.split(": ", 1)[-1] for line in lines}) == 1 and said in lines[0]
    assert "case.toml:" in lines[0]


def test_one_phase_has_no_drop(tmp_path):
    for picture in ('kind = "slice", frame = "drop"', 'kind = "film"'):
        with pytest.raises(CaseError, match=r"needs an \[interface\]"):
            _read(tmp_path, picture, SINGLE)
