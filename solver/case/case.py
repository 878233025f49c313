"""A case: the file read, checked and resolved, in SI and in lattice units."""

import hashlib
import json
import re
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from levitas.solver.case import limit_check, overrides, resolve, rules
from levitas.solver.case.model import CaseModel
from levitas.solver.case.resolved import Resolved
from levitas.solver.errors import CaseError
from levitas.solver.input.faults import Faults
from levitas.solver.input.source import read_toml
from levitas.solver.input.toml_writer import toml_text
from levitas.solver.input.validate import read_sections
from levitas.solver.limits import Limit
from levitas.solver.materials import library as materials

SHIPPED = Path(__file__).resolve().parent.parent.parent / "cases"


@dataclass(frozen=True, eq=False, kw_only=True)
class Case(Resolved):
    """One case, or one variant of it, ready to run: a `Resolved` and where it came from.

    path, variant     the file; the name of the variant
    """

    path: Path
    variant: str | None

    @property
    def name(self) -> str:
        """What the case is called: its folder, or its file."""
        return _plain(self.folder.name if self.path.name == "case.toml" else self.path.stem)

    @property
    def family(self) -> str:
        """The folder that the case stands in."""
        inside = self.path.name == "case.toml"
        return _plain((self.folder.parent if inside else self.folder).name)

    @classmethod
    def read(
        cls,
        path: Path | str,
        variant: str | None = None,
        overrides: dict[str, Any] | None = None,
        within_limits: bool = True,
    ) -> "Case":
        """Read a case file, a folder with a `case.toml`, or a shipped case by name.

        `variant` names one of its variants; `overrides` are values by dotted key, as in --set.
        Raises CaseError with every fault, one `file:line: [section] key: message; remedy` a line.
        Without variant and overrides the variants are checked too. With within_limits = False what
        a limit refuses is let through, to be shown.
        """
        return _read(cls, locate(path), variant, overrides or {}, within_limits)

    def section(self, params: type) -> Any:
        """The section of a Params class, None if the case does not have it."""
        for value in vars(self.model).values():
            if type(value) is params:
                return value
        return None

    def section_named(self, name: str) -> Any:
        """The section of a name, None if the case does not have it."""
        return getattr(self.model, name, None)

    @cached_property
    def text(self) -> str:
        """The resolved case as TOML: every default written out, the variant applied."""
        head = f"# Resolved by levitas from {self.family}/{self.name}"
        head += f", variant {self.variant}" if self.variant else ""
        return f"{head}; reading it again gives the same run.\n\n" + toml_text(self.model)

    def write(self, path: Path | str) -> None:
        """Write the resolved case; reading it again gives the same digest."""
        Path(path).write_text(self.text, encoding="utf-8")

    @cached_property
    def digest(self) -> str:
        """Hash of what decides the state of a run: grid, materials, physics, start, boundaries,
        and the lattice numbers made of them.

        Not in it: titles, text, references, end, output, checks and the names of variants. Changing
        those still allows a resume. Of data files what they hold counts.
        """
        data = self.model.model_dump(exclude_none=True)
        for name in ("output", "exact", "check", "variant"):
            data.pop(name, None)
        for name in ("title", "subtitle", "text", "references", "end"):
            data["case"].pop(name, None)
        numbers = {name: repr(value) for name, value in vars(self.lattice).items()}
        held = [hashlib.sha256((self.folder / n).read_bytes()).hexdigest() for n in self.files]
        text = json.dumps([data, numbers, *held], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def files(self) -> list[str]:
        """Data files that the case reads, by their names in its folder."""
        signal = getattr(self.model.gravity, "signal", None)
        names = [getattr(signal, "file", None), *(shape.file for shape in self.model.shape)]
        return sorted({name for name in names if name is not None})

    def lattice_density(self, name: str) -> float:
        """Density of liquid or gas in the units of the case, as it is run."""
        return (self.lattice.rho_l if name == "liquid" else self.lattice.rho_g) * self.scales.rho

    def limits(self) -> list[Limit]:
        """Every limit with its verdict ok, warn or refuse."""
        return limit_check.limits_of(self)


def _plain(name: str) -> str:
    """A folder name fit for other folder names."""
    return re.sub(r"[^A-Za-z0-9_.+-]+", "_", name).strip("_.") or "case"


def locate(path: Path | str) -> Path:
    """The case file that a path or the name of a shipped case means. Raises CaseError."""
    text = str(path)
    if not text or "\0" in text:
        raise CaseError("a case needs a path or the name of a shipped case")
    place = Path(path).expanduser()
    try:
        if place.is_dir():
            if (place / "case.toml").exists():
                return (place / "case.toml").resolve()
            raise CaseError(f"{place}: the folder has no case.toml")
        if place.exists():
            return place.resolve()
    except OSError as error:
        raise CaseError(f"{text[:200]}: cannot be read: {error.strerror}") from None
    if re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", text) and (SHIPPED / text / "case.toml").exists():
        return SHIPPED / text / "case.toml"
    from levitas.solver.input.faults import suggestion

    near = suggestion(text, shipped())
    hint = f"; did you mean '{near}'?" if near else "; shipped cases: levitas list cases"
    raise CaseError(f"{text[:200]}: no such case{hint}")


def shipped() -> list[str]:
    """Names of the shipped cases, such as droplet/laplace."""
    return sorted(f"{p.parent.parent.name}/{p.parent.name}" for p in SHIPPED.glob("*/*/case.toml"))


def _read(
    cls: type[Case], path: Path, variant: str | None, changes: dict[str, Any], within_limits: bool
) -> Case:
    source = read_toml(path)
    faults = Faults(source)
    names = overrides.variant_names(source, faults)
    if variant is not None and variant not in names:
        faults.stop()
        raise CaseError(
            f"{source.name}: no variant '{variant}'; it has {', '.join(names) or 'none'}"
        )
    case = _resolved(cls, path, source, variant, changes, names, faults, within_limits)
    if variant is None and not changes:
        for name in names[: overrides.VARIANTS_CHECKED]:
            _resolved(cls, path, source, name, {}, names, faults, within_limits)
    faults.stop()
    return case


def _resolved(cls, path, source, variant, changes, names, faults, within_limits) -> Case | None:
    """The case of a variant, None with faults noted if it has any."""
    changed = overrides.applied(source, variant, changes, faults)
    noted = faults.of(changed, f"variant '{variant}'" if variant else "")
    data = materials.as_tables(changed.data)
    sections = read_sections(CaseModel, data, noted, rules.in_lattice_units(data))
    rules.check(sections, noted)
    try:
        resolved = resolve.resolve(sections, changed.folder, names, variant, noted)
        if resolved is None:
            return None
        numbers = {f.name: getattr(resolved, f.name) for f in fields(resolved)}
        case = cls(path=path, variant=variant, **numbers)
        if within_limits:
            limit_check.refuse(case, noted)
        return case
    except ArithmeticError:
        noted.add(
            (), "the numbers of the case are too far apart to compute with; check their units"
        )
        return None
