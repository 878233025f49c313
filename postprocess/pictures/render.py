"""Pictures of run folders: which ones, and where they are written.

A kind of picture is drawn by `picture` of the module of its name in this folder; what a case may
say of it stands in postprocess/kinds.
"""

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from levitas.postprocess.kinds.kind import PictureKind
from levitas.postprocess.kinds.table import KINDS
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import offscreen
from levitas.postprocess.results.read import Run
from levitas.solver.case.picture_section import PictureParams
from levitas.solver.errors import UsageError

CARRIED = {"T": "heat", "c": "solute"}  # field -> the physics that it needs


class PictureRequest(NamedTuple):
    """A picture that a case asks for: its table in the case."""

    section: PictureParams

    @property
    def kind(self) -> PictureKind:
        """What its kind is."""
        return KINDS[self.section.kind]

    @property
    def name(self) -> str:
        """File name without its ending."""
        s = self.section
        what = s.field or s.colour or (s.quantities or [None])[0] or s.metric
        words = (s.kind, what, s.streamlines and "streamlines", s.along)
        return s.name or "-".join(word for word in words if word)

    def draw(self, shown: Run | list[Run], path: Path) -> Path:
        """Draw it of a run (of several, if it is over runs) and save it; returns its path."""
        module = import_module(f"{__package__}.{self.section.kind}")
        return module.picture(shown, self.section).save(path)


def render(folder: Path | str, case=None, warn: Callable[[str], None] | None = None) -> list[Path]:
    """Draw the pictures of a run folder into it; returns their paths.

    What cannot be drawn (no snapshot, no VTK) is told to `warn` and left out or drawn in 2-D.
    """
    run, warn = Run(folder, case), warn or (lambda text: None)
    if not _can_draw(warn):
        return []
    sections = run.case.model.output.pictures
    requests = [PictureRequest(s) for s in (usual(run.case) if sections is None else sections)]
    requests = [r for r in requests if not r.kind.over_runs]  # those: render_variants
    if any(r.kind.in_3d for r in requests) and not run.case.is_2d and not offscreen.available():
        warn(f"drops are drawn as outlines and slices. {offscreen.HOW}")
    paths = [run.folder / r.kind.file.format(name=r.name) for r in requests]
    return _drawn(zip(requests, paths, strict=True), run, warn)


def _drawn(requests: Iterable[tuple[PictureRequest, Path]], shown, warn) -> list[Path]:
    """Paths of those that could be drawn; `warn` is told of the others."""
    paths = []
    for request, path in requests:
        try:
            paths.append(request.draw(shown, path))
        except NotMeasured as reason:
            warn(f"no picture '{request.name}': {reason}")
    return paths


def _can_draw(warn: Callable[[str], None]) -> bool:
    """Are Matplotlib and its colour maps installed? If not, say how to get them."""
    missing = [name for name in ("matplotlib", "cmcrameri") if not find_spec(name)]
    if missing:
        warn(f"no pictures: {' and '.join(missing)} not installed; pip install 'levitas[viz]'")
    return not missing


def usual(case) -> list[PictureParams]:
    """The pictures of a case that asks for none."""
    carried = [field for field, physics in CARRIED.items() if case.has(physics)]
    flows = ["speed"] if case.has("flow") else []
    cuts = [PictureParams(kind="slice", field=field) for field in (*carried, *flows)]
    series = PictureParams(kind="series")
    if not case.has("interface"):
        return [*cuts, series]
    liquid = [shape for shape in case.model.shape if shape.phase == "liquid"]
    walls = list(case.faces.values()).count("wall")
    if any(shape.mode for shape in liquid):
        return [PictureParams(kind="oscillation"), *cuts]
    if walls == 2 and any(case.model.driven.pressure_gradient):
        return [PictureParams(kind="profile"), series]
    if any(shape.kind == "film" or shape.wave for shape in liquid):
        return [PictureParams(kind="film"), *cuts, series]
    return [*cuts, PictureParams(kind="slice", field="p"), series]


def render_variants(
    folders: Iterable[Path], out: Path | None = None, warn: Callable[[str], None] | None = None
) -> list[Path]:
    """Draw the pictures of a case that compare the run folders of its variants.

    They go to `out`, by default the folder `<family>-<case>-variants` beside the run folders.
    """
    warn = warn or (lambda text: None)
    if not _can_draw(warn):
        return []
    runs = [Run(folder) for folder in folders]
    runs = [run for run in runs if run.summary.get("status") == "done"]
    names = sorted({run.summary["case"] for run in runs})
    if len(names) != 1:
        raise UsageError(
            f"these run folders hold several cases: {', '.join(names)}"
            if names
            else "none of these folders holds a finished run"
        )
    out = out or runs[0].folder.resolve().parent / f"{names[0].replace('/', '-')}-variants"
    return _drawn([(r, out / f"{r.name}.png") for r in _over(runs)], runs, warn)


def _over(runs: list[Run]) -> list[PictureRequest]:
    """The pictures over runs that any of them asks for, each once."""
    requests: dict[str, PictureRequest] = {}
    for run in runs:
        for request in map(PictureRequest, run.case.model.output.pictures or []):
            if request.kind.over_runs:
                requests.setdefault(request.name, request)
    return list(requests.values())
