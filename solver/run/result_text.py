"""What the command line says of finished runs."""

from levitas.solver.run.log import duration


def run_text(summary: dict, folder) -> str:
    """A finished run in a few lines: status, speed, checks, where the files are."""
    name = summary["case"] + (f" ({summary['variant']})" if summary.get("variant") else "")
    lines = [
        f"{name}: {summary['status']} at step {summary['steps']}, t = {summary['time']:.4g}; "
        f"{duration(summary['wall_seconds'])}, {summary['mlups']:.4g} MLUPS"
    ]
    if summary.get("error"):
        lines.append(f"  {summary['error']}")
    lines += [f"  {label}" for label in summary.get("labels", [])]
    lines += ["  " + check_text(check) for check in summary.get("checks", [])]
    return "\n".join([*lines, f"  files: {folder}"])


def check_text(check: dict) -> str:
    """A check in one line."""
    value = number(check.get("value"))
    text = f"{check['verdict']:14} {check.get('title') or check['metric']} = {value}"
    if check.get("reference") is not None:
        text += f"  (reference {number(check['reference'])}, {tolerance_text(check['tolerance'])})"
    else:
        text += f"  ({tolerance_text(check['tolerance'])})"
    return text + (f"  {check['note']}" if check.get("note") else "")


def tolerance_text(tolerance: dict) -> str:
    """`{ relative = 0.03 }` as "within 3 %", and so on."""
    words = {
        "relative": lambda v: f"within {100 * v:.4g} %",
        "absolute": lambda v: f"within {v:.4g}",
        "min": lambda v: f"at least {v:.4g}",
        "max": lambda v: f"at most {v:.4g}",
    }
    parts = [words[key](value) for key, value in tolerance.items() if value is not None]
    return ", ".join(parts)


def number(value) -> str:
    """A number for people; "?" where there is none."""
    return f"{value:.5g}" if isinstance(value, int | float) else "?"


def table(rows: list[tuple[str, dict | Exception]]) -> str:
    """Variants side by side: name, status, steps, speed, checks passed and failed."""
    lines = [("variant", "status", "steps", "MLUPS", "wall", "checks")]
    for name, result in rows:
        if isinstance(result, Exception):
            lines.append((name, str(result).splitlines()[0][:60], "", "", "", ""))
            continue
        verdicts = [check["verdict"] for check in result["checks"]]
        counts = [f"{verdicts.count(v)} {v}" for v in dict.fromkeys(sorted(verdicts, reverse=True))]
        wall = duration(result["wall_seconds"])
        speed = f"{result['mlups']:.4g}"
        steps = str(result["steps"])
        lines.append((name, result["status"], steps, speed, wall, ", ".join(counts)))
    return "\n".join(columns(lines, indent=""))


def columns(rows: list[tuple[str, ...]], indent: str = "  ") -> list[str]:
    """Rows with their cells one below the other."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return [
        indent + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
