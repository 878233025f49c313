"""The command `levitas`: arguments in, exit code out; the work is done elsewhere."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from levitas.solver.errors import CaseError, LevitasError

app = typer.Typer(
    name="levitas",
    help="Flow and solidification of materials in microgravity: case file in, results out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

CaseArgument = Annotated[
    str, typer.Argument(metavar="CASE", help="case folder, case.toml, or a shipped droplet/laplace")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="override a value, e.g. grid.spacing=1e-5"),
]
Threads = Annotated[int | None, typer.Option(min=1, help="threads of a rank (CPU)")]
Json = Annotated[bool, typer.Option("--json", help="JSON, for programs")]
RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help="run folder")]


class BackendName(StrEnum):
    """Where kernels run."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


class Factor(StrEnum):
    """Cells an edge of one level over those of the next coarser one."""

    sqrt2 = "sqrt2"
    two = "2"


class Scaling(StrEnum):
    """How the time step falls with the cell: as its square, or as it does."""

    diffusive = "diffusive"
    acoustic = "acoustic"


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="show the version")] = False,
) -> None:
    if version:
        from levitas import __version__

        print(f"levitas {__version__}")
        raise typer.Exit


@app.command()
def run(
    case: CaseArgument,
    out: Annotated[
        Path | None, typer.Option(help="run folder; runs/<family>-<case>[-variant] if absent")
    ] = None,
    variant: Annotated[str | None, typer.Option(help="a variant of the case, or all")] = None,
    settings: Settings = None,
    steps: Annotated[int | None, typer.Option(min=0, help="last step, counted from 0")] = None,
    threads: Threads = None,
    backend: Annotated[BackendName, typer.Option(help="where kernels run")] = BackendName.auto,
    max_hours: Annotated[
        float | None, typer.Option(min=0, help="stop, resumable, after so many hours")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="discard what the folder has")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="exit 7 if a check fails")] = False,
) -> None:
    """Run a case; in the folder of a stopped run of it, go on."""
    from levitas.solver.case.overrides import parse
    from levitas.solver.grid.comm import guard, world
    from levitas.solver.run.run import Options
    from levitas.solver.study.variants import run_named

    comm = world()
    with guard(comm):
        options = Options(out, steps, threads, backend.value, max_hours, restart, sys.stderr)
        code = run_named(case, variant, parse(settings or []), comm, options, strict, say=_print)
        raise typer.Exit(code)


@app.command()
def converge(
    case: CaseArgument,
    out: Annotated[
        Path | None, typer.Option(help="folder; runs/<family>-<case>[-variant]-converge if absent")
    ] = None,
    variant: Annotated[str | None, typer.Option(help="a variant of the case")] = None,
    settings: Settings = None,
    levels: Annotated[int, typer.Option(min=2, max=8, help="number of grids")] = 3,
    factor: Annotated[Factor, typer.Option(help="from one grid to the next")] = Factor.sqrt2,
    start: Annotated[
        float, typer.Option(help="fineness of the first grid over that of the case")
    ] = 1.0,
    scaling: Annotated[
        Scaling, typer.Option(help="time step as the square of the cell, or as the cell")
    ] = Scaling.diffusive,
    keep_width: Annotated[
        bool, typer.Option("--keep-width", help="interface width stays in metres, not in cells")
    ] = False,
    threads: Threads = None,
    backend: Annotated[BackendName, typer.Option(help="where kernels run")] = BackendName.auto,
    max_hours: Annotated[
        float | None, typer.Option(min=0, help="stop, resumable, after so many hours")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="discard what the folder has")] = False,
) -> None:
    """Run a case on finer and finer grids: order of accuracy and limit of what it checks."""
    from levitas.solver.case.overrides import parse
    from levitas.solver.grid.comm import guard, world
    from levitas.solver.run.run import Options
    from levitas.solver.study.converge import Plan
    from levitas.solver.study.converge import converge as run_levels

    comm = world()
    with guard(comm):
        options = Options(out, None, threads, backend.value, max_hours, restart, sys.stderr)
        plan = Plan(levels, factor.value, start, scaling.value, keep_width)
        code = run_levels(case, variant, parse(settings or []), comm, options, plan, say=_print)
        raise typer.Exit(code)


@app.command()
def check(
    case: CaseArgument,
    variant: Annotated[str | None, typer.Option(help="a variant of the case, or all")] = None,
    settings: Settings = None,
    as_json: Json = False,
    trial: Annotated[bool, typer.Option("--trial", help="run a few steps too")] = False,
) -> None:
    """Read a case, name every fault, and say what it means in lattice units and in hours."""
    from levitas.solver.case.overrides import parse
    from levitas.solver.cli import check as checking

    try:
        print(checking.check(case, variant, parse(settings or []), as_json, trial))
    except CaseError as error:
        if not as_json:
            raise
        print(error)  # JSON too
        raise typer.Exit(error.exit_code) from None


@app.command()
def init(
    case: Annotated[str, typer.Argument(metavar="CASE", help="a shipped case or a case folder")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="the new folder")],
) -> None:
    """Copy a case to a folder of your own."""
    from levitas.solver.cli import catalogue

    print(catalogue.init(case, folder))


@app.command(name="list")
def list_(
    kind: Annotated[str, typer.Argument(metavar="cases|materials|keys|metrics")] = "cases",
    as_json: Json = False,
) -> None:
    """What there is: shipped cases, materials, keys of a case file, metrics."""
    from levitas.solver.cli import catalogue

    print(catalogue.listing(kind, as_json))


@app.command()
def info(folder: RunArgument, as_json: Json = False) -> None:
    """What a run folder holds: status, checks, metrics, files."""
    from levitas.solver.cli.info import info_text

    print(info_text(folder, as_json))


@app.command()
def render(
    folders: Annotated[list[Path], typer.Argument(metavar="RUN...", help="run folders")],
) -> None:
    """Draw the pictures of run folders again; of several, those that compare them too."""
    from levitas.postprocess.pictures.render import render as draw
    from levitas.postprocess.pictures.render import render_variants

    def warn(text: str) -> None:
        _say(f"warning: {text}")

    drawn = [path for folder in folders for path in draw(folder, warn=warn)]
    drawn += render_variants(folders, warn=warn) if len(folders) > 1 else []
    print("\n".join(map(str, drawn)))


@app.command()
def bench(
    suite: Annotated[
        str, typer.Option(help="flow, two-phase, thermal, conduction or io")
    ] = "two-phase",
    size: Annotated[int, typer.Option(min=8, max=2048, help="cells along an edge")] = 128,
    threads: Threads = None,
    as_json: Json = False,
    backend: Annotated[BackendName, typer.Option(help="where kernels run")] = BackendName.auto,
) -> None:
    """Measure the speed of a step beside the copy bandwidth of this machine."""
    from levitas.solver.cli.bench import bench_text

    print(bench_text(suite, size, threads, backend.value, as_json))


@app.command()
def doctor() -> None:
    """What this machine offers: compiler, GPU, MPI, pictures, disk."""
    from levitas.solver.cli.doctor import doctor_text

    text, healthy = doctor_text()
    print(text)
    raise typer.Exit(0 if healthy else 5)


def main() -> None:
    """The entry point: errors become one line and their exit code, never a traceback."""
    try:
        app()
    except CaseError as error:
        _say(str(error))  # file:line first, as editors read it
        sys.exit(error.exit_code)
    except LevitasError as error:
        _say(f"levitas: {error}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except MemoryError:
        _say("levitas: not enough memory for this case: fewer cells, or more ranks, are needed")
        sys.exit(5)
    except Exception as error:
        _say(f"levitas: internal error ({type(error).__name__}); see {_traceback_file(error)}")
        sys.exit(1)


def _print(text: str) -> None:
    print(text, flush=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _traceback_file(error: Exception) -> Path:
    """The log that holds the traceback: the run's, else one in the user's log folder."""
    if logged := getattr(error, "logged", None):
        return logged
    import tempfile
    import traceback

    from platformdirs import user_log_path

    for folder in (user_log_path("levitas"), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with open(folder / "levitas-errors.log", "a", encoding="utf-8") as file:
                traceback.print_exception(error, file=file)
            return folder / "levitas-errors.log"
        except OSError:
            continue
    return Path("nothing: no folder could be written")
