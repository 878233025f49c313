"""Rules of what a run measures and shows: metrics, fields, pictures, regions."""

from typing import Any

from levitas.postprocess.kinds.table import KINDS
from levitas.solver.case.sections import fields, section_of
from levitas.solver.input.faults import Faults, has, items, nearest, suggestion

SHOWN = 5  # names of a long list that a message shows


def check(sections: dict[str, Any], faults: Faults) -> None:
    """Names of metrics and fields must be known."""
    output, case = sections.get("output"), sections.get("case")
    metrics = [(("check", i, "metric"), c.metric) for i, c in items(sections, "check")]
    if output is not None:
        series = output.series.quantities or []
        metrics += [(("output", "series", "quantities", i), n) for i, n in enumerate(series)]
        for i, picture in enumerate(output.pictures or []):
            here = ("output", "pictures", i)
            metrics += [((*here, "metric"), picture.metric)] if picture.metric else []
            _drawn(picture, here, sections, faults)
            metrics += [
                ((*here, "quantities", k), n) for k, n in enumerate(picture.quantities or [])
            ]
        known = [n for n, (_, section) in fields().items() if has(sections, section, faults)]
        for i, name in enumerate(output.snapshots.fields or []):
            _known(("output", "snapshots", "fields", i), "field", name, known, faults)
        if output.snapshots.region is not None:
            check_region(output.snapshots.region, ("output", "snapshots", "region"), faults)
    if case is not None and case.end.steady is not None:
        metrics.append((("case", "end", "steady", "metric"), case.end.steady.metric))
    if metrics:
        from levitas.postprocess.metrics.table import METRICS

        for keys, name in metrics:
            _known(keys, "metric", name, list(METRICS), faults)
            timed = keys[:2] in (("output", "series"), ("case", "end"))
            if timed and name in METRICS and not METRICS[name].instant:
                faults.add(keys, f"{name} is read off the whole series; it has no value at a time")
            elif keys[:2] == ("case", "end") and name in METRICS:
                _had(keys, name, METRICS[name].needs, sections, faults)


def _had(keys: tuple, name: str, needs: tuple, sections: dict[str, Any], faults: Faults) -> None:
    """What decides the end of a run must have a value in it."""
    for section in sorted({section_of(n) for n in needs} - {None}):
        if not has(sections, section, faults):
            faults.add(keys, f"{name} needs a [{section}] section; take another metric")


def _drawn(picture: Any, keys: tuple, sections: dict[str, Any], faults: Faults) -> None:
    """A picture may show what the physics of the case has."""
    needed = section_of(picture.field)
    if needed and not has(sections, needed, faults):
        faults.add((*keys, "field"), f'"{picture.field}" needs a [{needed}] section')
    for name in ("interface",) if picture.frame else KINDS[picture.kind].sections:
        if not has(sections, name, faults):
            what = "frame" if picture.frame else "kind"
            article = "an" if name == "interface" else "a"
            faults.add((*keys, what), f"needs {article} [{name}] section")


def check_region(region: list[list[float]], keys: tuple, faults: Faults) -> None:
    """Note a region that is no low and high corner."""
    if [len(corner) for corner in region] != [3, 3]:
        faults.add(keys, "must be two corners [[x, y, z], [x, y, z]]")
    elif any(low >= high for low, high in zip(*region, strict=True)):
        faults.add(keys, "the first corner must be the low one")


def _known(keys: tuple, what: str, name: str, known: list[str], faults: Faults) -> None:
    if name in known:
        return
    near = suggestion(name, known)
    hint = f"did you mean '{near}'?" if near else f"known: {', '.join(known)}"
    if not near and len(known) > SHOWN:
        hint = f"nearest: {', '.join(nearest(name, known, SHOWN))} (levitas list {what}s)"
    faults.add(keys, f"unknown {what} '{name[:60]}'; {hint}")
