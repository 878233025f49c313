"""The documentation is true: links lead somewhere, commands and keys exist, examples run."""

import ast
import re
import tomllib
from math import prod
from pathlib import Path
from typing import get_args

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from levitas.postprocess.kinds.table import KINDS
from levitas.postprocess.references.diffuse_drop import drop_frequency_diffuse
from levitas.postprocess.references.drop_modes import drop_frequency_inviscid
from levitas.solver import errors
from levitas.solver.case.case import Case, shipped
from levitas.solver.case.check_section import Across
from levitas.solver.cli.catalogue import keys
from levitas.solver.cli.main import app
from levitas.solver.physics.interface.tension import tension_factor
from levitas.solver.run.end import NO_LAST_STEP, last_step

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(
    path for pattern in ("*.md", "docs/*.md", "cases/**/README.md") for path in ROOT.glob(pattern)
)
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]
COMMANDS = get_command(app).commands


def blocks(text, language):
    """Code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def anchor(heading):
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(path):
    return {anchor(h) for h in re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        if not target.startswith("http"):
            file, _, place = target.partition("#")
            there = page.parent / file if file else page
            assert there.exists(), f"{target}: no such file"
            assert not place or place in anchors(there), f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_files_exist(page):
    folders = "kernels|solver|postprocess|cases|tests|ci|docs|levitas"
    for name in re.findall(rf"`((?:{folders})/[\w./-]+\.\w+)`", page.read_text()):
        if "NAME" in name:  # what an addition will be called: its folder is there
            name = name.partition("NAME")[0].rpartition("/")[0]
        assert (ROOT / name).exists(), f"{name}: no such file"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_and_options_exist(page):
    text = page.read_text()
    quoted = re.findall(r"`[^`\n]*`", text) + [
        b for b in re.findall(r"```\w*\n(.*?)```", text, re.S)
    ]
    lines = [line for quote in quoted for line in quote.strip("`").splitlines()]
    for name, rest in re.findall(r"\blevitas ([a-z]+)\b([^\n#&;]*)", "\n".join(lines)):
        assert name in COMMANDS, f"levitas {name}: no such command"
        known = {option for p in COMMANDS[name].params for option in p.opts} | {"--help"}
        for option in re.findall(r"(?<=\s)--[a-z-]+", rest):
            assert option in known, f"levitas {name} {option}: no such option"


def test_readme_names_every_command():
    for name in COMMANDS:
        assert f"`levitas {name}" in README, f"levitas {name} is not in the README"


def test_the_two_commands_ask_for_what_there_is():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    for asked in re.findall(r"\.\[([a-z0-9,]+)\]", README):
        assert set(asked.split(",")) <= set(extras)
    run, test = [line for line in "\n".join(blocks(README, "bash")).splitlines() if "&&" in line]
    case, variant = re.search(r"levitas run (\S+) --variant (\S+)", run).groups()
    assert variant in Case.read(case).variants
    options = project["tool"]["pytest"]["ini_options"]
    assert "-m pytest" in test and "-m pytest" in (ROOT / ".ci/run").read_text()
    assert "not validation" in test + options["addopts"], "the test command would run all cases"
    assert any(line.startswith("validation:") for line in options["markers"])


def test_the_case_of_the_readme_runs(tmp_path):
    (text,) = blocks(README, "toml")
    (tmp_path / "case.toml").write_text(text)
    runner = CliRunner()
    for words in (["check", tmp_path], ["run", tmp_path, "--steps", 8, "--out", tmp_path / "run"]):
        done = runner.invoke(app, [str(word) for word in words])
        assert done.exit_code == 0, done.output
    assert Case.read(tmp_path, "large", {"shape.radius": "1.7 mm"}).labels == []


def test_the_page_of_the_cases_has_each_of_them_once():
    text = (ROOT / "cases" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\S+)\]\((\S+)/README\.md\) \| .+ \|$", text, re.MULTILINE)
    assert sorted(name for name, _ in rows) == shipped()
    assert all(name == folder for name, folder in rows)
    assert f"{len(rows)} cases" in README


def test_the_table_of_fits_has_each_of_them_with_a_check_of_a_case():
    section = (ROOT / "docs" / "case-file.md").read_text(encoding="utf-8").split("## Checks")[1]
    rows = re.findall(r'^\| `"(\w+)"` \| .+ \| (\w+/[\w-]+): `(\w+)` .*\|$', section, re.MULTILINE)
    assert [fit for fit, _, _ in rows] == list(get_args(Across.model_fields["fit"].annotation))
    for fit, name, metric in rows:
        checks = Case.read(name).checks_over_variants
        assert any((c.across.fit, c.metric) == (fit, metric) for c in checks), name


def test_exit_codes_are_all_in_the_readme():
    kinds = vars(errors).values()
    codes = {k.exit_code for k in kinds if isinstance(k, type) and hasattr(k, "exit_code")}
    said = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert said == codes | {0, errors.STOPPED}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_keys_exist(page):
    """Dotted keys in backticks, such as `flow.viscosity_floor`."""
    known = {re.sub(r"[\[\]]", "", row["key"]).replace(" ", ".") for row in keys()}
    known |= {key.removeprefix("materials.") for key in known}
    known |= {f"{n}.{key.split('.')[-1]}" for n in ("liquid", "gas") for key in properties()}
    known |= {f"grid.{a}{n}" for a in "nl" for n in "xyz"} | {"gravity.level"}
    sections = {key.split(".")[0] for key in known}
    for quote in re.findall(r"`([^`\n]+)`", page.read_text()):
        for key in re.findall(r"(?<![\w/.])[a-z]+(?:\.\w+)+(?![\w/(])", quote):
            plain = re.sub(r"\.\d+", "", key)
            if plain.split(".")[0] in sections and not re.search(r"\.(toml|py|cu|h|md|nc)$", key):
                assert plain in known, f"{key}: no such key"


def properties():
    """Names of material properties."""
    from levitas.solver.materials.library import MaterialParams

    return MaterialParams.model_fields


def test_sections_of_a_case_stand_once_in_their_table():
    text = (ROOT / "docs" / "case-file.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\[+\w+\]+)` \|", text, re.MULTILINE)
    assert len(rows) > 10 and len(rows) == len(set(rows))


def test_kinds_of_pictures_are_in_their_table():
    section = (ROOT / "docs" / "case-file.md").read_text(encoding="utf-8").split("## Pictures")[1]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE))
    assert set(rows) == set(KINDS)
    for name, kind in KINDS.items():
        assert rows[name].startswith(kind.about), name
        assert all(f"`{key}" in rows[name] for key in kind.needed), name
        assert all(f"`{key}" in section for key in kind.keys), name


@pytest.mark.parametrize("name", shipped())
def test_a_case_readme_names_its_variants_and_its_cost(name):
    text = (ROOT / "cases" / name / "README.md").read_text()
    updates = 0
    for variant in Case.read(name).variants:
        case = Case.read(name, variant)
        updates += prod(case.model.grid.cells) * last_step(case)
        assert variant in text, f"{variant} is not described"
    said = float(re.search(r"([\d.]+)\s+billion cell\s+updates", text)[1]) * 1e9
    if updates < NO_LAST_STEP:  # a run that ends when it is steady says what that took
        assert updates == pytest.approx(said, rel=0.1)


def test_the_numerics_page_has_the_tension_factors():
    page = (ROOT / "docs/numerics.md").read_text().replace("\n", " ")
    found = r"\(([\d.]+) at W = 4 and ratio 1000, ([\d.]+) at ratio 10, ([\d.]+) at equal"
    for ratio, factor in zip((1000, 10, 1), re.search(found, page).groups(), strict=True):
        assert tension_factor(4, ratio) == pytest.approx(float(factor), abs=6e-4)


def test_the_numerics_page_has_the_frequencies_of_diffuse_drops():
    page = (ROOT / "docs/numerics.md").read_text().replace("\n", " ")
    errors, radii = re.search(r"low by ([\d., and]+) % at\s+R = ([\d, and]+)", page).groups()
    numbers = re.compile(r"\d+(?:\.\d+)?")
    for error, radius in zip(numbers.findall(errors), numbers.findall(radii), strict=True):
        drop = (2, float(radius), 1.0, 1e-3, 0.01)
        low = 1 - drop_frequency_diffuse(*drop[:2], 4.0, *drop[2:]) / drop_frequency_inviscid(*drop)
        assert 100 * low == pytest.approx(float(error), abs=0.006)


def test_figures_say_which_command_wrote_them():
    pages = [
        p for p in (ROOT / "docs").glob("*.md") if "change nothing here by hand" in p.read_text()
    ]
    tree = ast.parse((ROOT / "ci/figures/__main__.py").read_text())
    known = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    for page in pages:
        assert re.search(r"python -m ci\.figures (\w+)", page.read_text())[1] in known
    written = {"stability", "validation", "performance", "peers", "damping"}
    assert {page.stem for page in pages} == written
