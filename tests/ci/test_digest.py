"""What a row of docs/validation.md rests on: what changes its digest, and what does not."""

import re

import pytest

from ci.figures import digest
from levitas.solver.case.case import Case
from tests.support.case_texts import RUN

KERNEL = '#include "part.h"\nKERNEL step(Box box) { a = half(b);  // comment\n}\n'
PART = "#pragma once\n#define HALF 0.5\nreal half(real x) { return HALF * x; }\n"


def kernel(folder, text=KERNEL, part=PART, name="part.h"):
    folder.mkdir()
    (folder / "step.cu").write_text(text.replace("part.h", name))
    (folder / name).write_text(part)
    return digest.kernel_text(folder / "step.cu")


def test_a_kernel_and_its_include_count(tmp_path):
    first = kernel(tmp_path / "1")
    assert kernel(tmp_path / "2", part=PART.replace("0.5", "0.25")) != first
    assert kernel(tmp_path / "3", text=KERNEL.replace("(b)", "(c)")) != first


def test_comments_layout_and_names_of_kernel_files_do_not(tmp_path):
    first = kernel(tmp_path / "1")
    assert (
        kernel(tmp_path / "2", text=KERNEL.replace("// comment", "\n   /* other\n one */")) == first
    )
    assert kernel(tmp_path / "3", part=PART.replace("HALF * x", "HALF*x  ")) == first
    assert kernel(tmp_path / "4", name="other.h") == first


MODULE = '''"""Doc."""
from levitas.solver.low import half as part

def step(x):
    """Doc."""
    return part(x) + 1  # comment
'''
LOW = "def half(x):\n    return x / 2\n"


def tree(folder, module=MODULE, low=LOW, name="low", **more):
    """(folder, its module `step`) of a small package."""
    files = {"step": module.replace("solver.low", f"solver.{name}"), name: low, **more}
    (folder / "solver").mkdir(parents=True)
    for stem, text in files.items():
        (folder / "solver" / f"{stem}.py").write_text(text)
    return folder, folder / "solver" / "step.py"


def all_of(folder, module, aside=()):
    found = digest.reached(folder, [module], aside)
    return sorted(digest.source(folder, path).digest for path in found)


def test_a_module_and_what_it_imports_count(tmp_path):
    first = all_of(*tree(tmp_path / "1"))
    assert len(first) == 2
    assert all_of(*tree(tmp_path / "2", module=MODULE.replace("+ 1", "+ 2"))) != first
    assert all_of(*tree(tmp_path / "3", low=LOW.replace("2", "4"))) != first
    assert (
        all_of(*tree(tmp_path / "4", module=MODULE.replace("half as part", "full as part")))
        != first
    )


def test_the_same_name_from_another_module_counts(tmp_path):
    both = MODULE + "\n\nfrom levitas.solver.other import half as rest\n"
    swapped = both.replace("solver.low", "solver.x").replace("solver.other", "solver.low")
    more = {"other": LOW.replace("/", "*")}
    first = all_of(*tree(tmp_path / "1", module=both, **more))
    assert all_of(*tree(tmp_path / "2", module=swapped.replace(".x", ".other"), **more)) != first


def test_comments_docstrings_layout_and_names_of_modules_do_not(tmp_path):
    first = all_of(*tree(tmp_path / "1"))
    other = (
        MODULE.replace("Doc.", "More.").replace("# comment", "").replace("part(x) +", "part( x )+")
    )
    assert all_of(*tree(tmp_path / "2", module=other)) == first
    assert all_of(*tree(tmp_path / "3", name="renamed")) == first


def test_lazy_imports_are_followed_and_folders_aside_are_not(tmp_path):
    lazy = "def f():\n    from levitas.solver.low import half\n    return half(1)\n"
    folder, module = tree(tmp_path, module=lazy)
    assert len(all_of(folder, module)) == 2
    (folder / "solver/shown").mkdir()
    (folder / "solver/shown/low.py").write_text(LOW)
    module.write_text(lazy.replace("solver.low", "solver.shown.low"))
    digest._parsed.cache_clear(), digest.source.cache_clear()
    assert len(all_of(folder, module)) == 2
    assert len(all_of(folder, module, [folder / "solver/shown"])) == 1


def names_of(name, variant):
    case = Case.read(name, variant)
    found = digest.modules(case, digest.case_text(case))
    return {path.relative_to(digest.ROOT).as_posix() for path in found}


@pytest.mark.parametrize(
    "name, variant", [("benchmark/taylor-green", "n16"), ("droplet/laser", "away")]
)
def test_a_row_rests_on_its_physics_and_metrics(name, variant):
    case, found = Case.read(name, variant), names_of(name, variant)
    for physics in ("interface", "heat", "solute", "flow"):
        there = any(re.match(f"solver/physics/{physics}/", path) for path in found)
        assert there == (case.has(physics) or physics == "flow"), physics
    assert {"solver/run/simulation.py", "solver/grid/halo.py", "solver/case/time_step.py"} <= found
    assert not [path for path in found if path.startswith(("solver/cli", "postprocess/pictures"))]
    shown = digest.METRICS[case.model.check[0].metric].function.__module__.split(".")[-1]
    assert f"postprocess/metrics/{shown}.py" in found


def test_a_case_counts_by_what_it_says_not_by_its_texts(tmp_path):
    def of(text):
        (tmp_path / "case.toml").write_text(text)
        return digest.digests(Case.read(tmp_path, "small"))

    first = of(RUN)
    assert of(RUN.replace("a small drop", "a drop") + "# comment\n") == first
    changed = of(RUN.replace("width = 3.0", "width = 3.5"))
    assert changed["case"] != first["case"] and changed["modules"] == first["modules"]
    more = of(RUN + '[[check]]\nmetric = "growth_rate"\ntolerance = { max = 1.0 }\n')
    assert more["case"] != first["case"] and more["modules"] != first["modules"]
