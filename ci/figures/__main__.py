"""Pages of figures, measured and written: python -m ci.figures PAGE

stability               docs/stability.md: which viscosities, tensions and density ratios hold
validation              docs/validation.md: every check of every case; what is stale runs again
convergence RUNS        runs levitas converge on shipped cases there; its section of that page
performance             docs/performance.md: speed, beside the copy bandwidth of the same minute
peers                   docs/peers.md: speed beside lbmpy, in one process (pip install lbmpy)
damping                 docs/damping.md: what a ringing drop loses too much, by width and radius
"""

import argparse
from pathlib import Path


def main() -> int:
    """Write one page and say where it is; 7 if it contradicts the program."""
    parser = argparse.ArgumentParser(prog="python -m ci.figures", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    pages = parser.add_subparsers(dest="page", required=True)
    pages.add_parser("stability")
    pages.add_parser("damping")
    rows = pages.add_parser("validation")
    rows.add_argument("--all", action="store_true", help="run every row, not the stale ones only")
    rows.add_argument("--under", type=float, default=float("inf"), help="seconds a row may cost")
    rows.add_argument("--list", action="store_true", help="name the stale rows and run nothing")
    rows.add_argument("--strict", action="store_true", help="7 if one is stale or fails after all")
    rows.add_argument("--threads", type=int)
    refined = pages.add_parser("convergence")
    refined.add_argument("runs", type=Path)
    refined.add_argument("--threads", type=int)
    for name in ("performance", "peers"):
        pages.add_parser(name).add_argument("--size", type=int, default=128, help="cells an edge")
    chosen = parser.parse_args()
    if chosen.page == "stability":
        from ci.figures import stability

        return stability.main()
    if chosen.page == "damping":
        from ci.figures import damping

        return damping.main()
    if chosen.page == "validation":
        from ci.figures import validation

        what = (chosen.all, chosen.under, chosen.strict, chosen.list)
        return validation.main(*what, threads=chosen.threads)
    if chosen.page == "convergence":
        from ci.figures import convergence

        return convergence.main(chosen.runs, chosen.threads)
    if chosen.page == "peers":
        from ci.figures import peer

        return peer.main(chosen.size)
    from ci.figures import performance

    return performance.main(chosen.size)


if __name__ == "__main__":
    raise SystemExit(main())
