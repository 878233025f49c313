"""`levitas info`: what a run folder holds."""

import json

from levitas.postprocess.results.folder import contents, summary_of
from levitas.solver.run.result_text import number, run_text


def info_text(folder, as_json: bool = False) -> str:
    """Status, checks, metrics, files of a run folder. CorruptRun if it is none."""
    summary = summary_of(folder)
    if as_json:
        return json.dumps(summary, indent=2)
    origin = summary.get("provenance", {})
    lines = [run_text(summary, folder)]
    for name, metric in summary.get("metrics", {}).items():
        note = f"  ({metric['note']})" if metric.get("note") else ""
        lines.append(f"  {name} = {number(metric['value'])} {metric['unit']}{note}")
    lines.append(
        f"  levitas {origin.get('version')}, {origin.get('backend')}, {origin.get('ranks')} ranks "
        f"of {origin.get('threads')} threads, {origin.get('precision')}, {origin.get('date')}"
    )
    for what, names in contents(folder).items():
        if names:
            span = names[0] if len(names) == 1 else f"{names[0]} ... {names[-1]}"
            lines.append(f"  {len(names)} {what}: {span}")
    return "\n".join(lines)
