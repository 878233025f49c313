"""Kernel texts: one flat string, and the signatures read from it."""

import re
from pathlib import Path

import pytest

from levitas.solver.backend import source as kernel_text

EXAMPLE = Path(__file__).parents[1] / "support" / "example.cu"


def signatures(text, **defines):
    return kernel_text.signatures(kernel_text.specialised(text, 32, defines), 32)


def test_signatures_are_read_from_the_text():
    found = signatures(EXAMPLE)
    assert list(found) == ["add", "rows", "either"]
    assert [(p.name, p.kind, p.dtype, p.constant) for p in found["add"]] == [
        ("a", "pointer", "float32", True),
        ("b", "pointer", "float32", False),
        ("box", "box", "", False),
        ("factor", "scalar", "float32", False),
        ("n", "scalar", "int32", False),
    ]
    assert "dropped" in signatures(EXAMPLE, EXTRA=1)


def test_a_file_is_included_once_and_lines_keep_their_numbers():
    flat = kernel_text.specialised(EXAMPLE, 64, {"SHIFTED": 2, "ON": True, "HALF": 0.5})
    assert flat.startswith("#define PRECISION 64\n#define HALF 0.5\n#define ON 1\n")
    assert flat.count("struct Box {") == 1 and '#line 4 "example.cu"' in flat
    assert "#include" not in re.sub(r"//.*|/\*.*?\*/", "", flat, flags=re.DOTALL)


REPEATED = """
#include "dialect.h"
#define ONE(n) const real* RESTRICT t##n, EXTRA(n)
#if HEAVY
#define EXTRA(n) real mass##n,
#else
#define EXTRA(n)
#endif
#define ALL REPEAT(COUNT, ONE)
KERNEL many(ALL Box box, real last) { FOR_BOX(x, y, z, box) {} }
"""


def test_macros_stand_for_arguments(tmp_path):
    (tmp_path / "many.cu").write_text(REPEATED)
    assert names(tmp_path, COUNT=0) == ["box", "last"]
    assert names(tmp_path, COUNT=3) == ["t0", "t1", "t2", "box", "last"]
    assert names(tmp_path, COUNT=2, HEAVY=1) == ["t0", "mass0", "t1", "mass1", "box", "last"]


def names(folder, **defines):
    return [p.name for p in signatures(folder / "many.cu", **defines)["many"]]


@pytest.mark.parametrize(
    ("arguments", "body", "message"),
    [
        ("real* a", "", "must be a Box"),
        ("Box box, Box more", "", "must be a Box"),
        ("char* a, Box box", "", "char"),
        ("real** a, Box box", "", "real"),
        ("real* a, Box box", "FOR_BOX(x, y, z, box) { if (x) return; }", "return"),
    ],
)
def test_kernels_that_one_target_cannot_have(tmp_path, arguments, body, message):
    path = tmp_path / "bad.cu"
    path.write_text(f'#include "dialect.h"\nKERNEL bad({arguments}) {{ {body} }}\n')
    with pytest.raises(ValueError, match=f"bad.*{message}"):
        signatures(path)
