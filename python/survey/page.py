# SPDX-License-Identifier: GPL-3.0-or-later
"""The page, the picture and the reports, made of the survey's lines."""
from __future__ import annotations

import math
import pathlib
from itertools import groupby
from typing import Any, Iterable

from .frameworks import DTYPES

MARK = {"pass": "right", "note": "right", "warning": "warned", "error": "wrong"}
COLOUR = {"right": "#2a9d8f", "warned": "#e9c46a", "wrong": "#c8553d"}
SIGN = {"right": "", "warned": "!", "wrong": "\u00d7"}


def number(text: str) -> Any:
    """A number as it is printed; NaN is equal to NaN."""
    try:
        value = float.fromhex(text) if "0x" in text else float(text)
    except ValueError:
        return text
    return ("nan" if math.isnan(value) else
            (value, math.copysign(1, value)))


def decimal(text: str) -> str:
    value = number(text)
    return value if isinstance(value, str) else f"{value[0]:.9g}"


def mark(row: dict) -> str:
    return MARK.get(row["level"] or "pass", "wrong")


def error(row: dict) -> str:
    """The largest error in a word: ULP, or what stands where none is."""
    got = decimal(row["worst"].get("got", "0"))
    if got in ("nan", "inf", "-inf") and mark(row) == "wrong":
        return {"nan": "NaN"}.get(got, got)
    return "" if row["max_ulp"] is None else f"{row['max_ulp']:.3g}"


def causes(row: dict) -> str:
    """Codes of what was found; failed checks that no code speaks of."""
    found = [d["code"] for d in row["diagnosis"] if d["level"] != "note"]
    if not found:
        found = [c["name"] for c in row["checks"] if c["level"] != "note"]
    return ", ".join(dict.fromkeys(found))


def groups(rows: Iterable[dict], *keys: str) -> Iterable[tuple]:
    """Neighbours that agree in the keys: (values of the keys, rows)."""
    def of(row: dict) -> tuple:
        return tuple(row[key] for key in keys)

    for values, group in groupby(sorted(rows, key=of), of):
        yield values, list(group)


def gravity(row: dict) -> tuple:
    return (mark(row) == "wrong", error(row) in ("NaN", "inf", "-inf"),
            row["max_ulp"] or 0)


def overview(rows: list[dict]) -> list[str]:
    titles = list(dict.fromkeys(f"{r['framework']} {r['version']}"
                                for r in rows))
    lines = ["| activation | " + " | ".join(titles) + " |",
             "|---" * (len(titles) + 1) + "|"]
    for (activation,), of in groups(rows, "activation"):
        cells = []
        for title in titles:
            both = []
            for derivative, what in ((0, "forward"), (1, "gradient")):
                mine = [r for r in of if r["derivative"] == derivative and
                        f"{r['framework']} {r['version']}" == title]
                if not mine:
                    continue
                wrong = [r["dtype"] for r in mine if mark(r) == "wrong"]
                warned = [r["dtype"] for r in mine if mark(r) == "warned"]
                both.append(f"{what}: " + (
                    f"**wrong in {', '.join(wrong)}**" if wrong else
                    f"warned in {', '.join(warned)}" if warned else "right"))
            cells.append("; ".join(both))
        lines.append(f"| {activation} | " + " | ".join(cells) + " |")
    return lines


def details(rows: list[dict]) -> list[str]:
    lines = []
    for (title, version), of in groups(rows, "framework", "version"):
        wrong = sum(mark(r) == "wrong" for r in of)
        lines += ["", f"<details><summary>{title} {version}: {len(of)} "
                  f"kernels, {wrong} wrong</summary>", "",
                  "| kernel | type | error in ULP | at x | got | want "
                  "| what was found |", "|---|---|---|---|---|---|---|"]
        for row in sorted(of, key=lambda r: (r["activation"], r["derivative"],
                                             DTYPES.index(r["dtype"]))):
            worst = row["worst"]
            place = [f"{decimal(worst[k])} (`{worst[k]}`)" if worst else ""
                     for k in ("input", "got", "want")]
            what = "gradient of " * row["derivative"] + row["expression"]
            lines.append(f"| {what} | {row['dtype']} | {error(row)} | "
                         + " | ".join(place)
                         + f" | {causes(row) or 'right'} |")
        lines += ["", "</details>"]
    return lines


HEAD = """# What shipped kernels do

<!-- written by python/survey ('make frameworks'): not by hand -->

Every activation of the list of `selfnorm moments --activation list` that the
frameworks have, forward and gradient by the framework's own autograd, in
{types}, on the CPU of one x86-64 machine with AVX-512, by
the default check: all inputs in 16-bit types, else a sample with all hard
places. Wrong: an error of `selfnorm check`
(docs/reference/check.md says which these are); warned: within the limit, but
with a habit that should be known. 0 for a subnormal number is accepted (`--ftz
allow`), since XLA and TensorFlow choose it.

`make frameworks` installs the versions that python/survey/requirements.txt
names, checks all and writes this page. One kernel's whole verdict:

    make frameworks ROW='torch silu 0 f32'

(framework, activation, 0 forward or 1 gradient, type). Of {kernels} kernels
{right} are right, {warned} are warned and {wrong} are wrong; all checks
together took {seconds:.0f} s, the median {median:.1f} s.

![Each kernel, right, warned or wrong](frameworks.svg)

"""


def picture(path: pathlib.Path, rows: list[dict]) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "font.size": 12,
                                "svg.hashsalt": "selfnorm"})
    from matplotlib import pyplot
    from matplotlib.patches import Patch

    names = sorted({r["activation"] for r in rows}, reverse=True)
    columns = [(f, d, t) for f in dict.fromkeys(r["framework"] for r in rows)
               for d in (0, 1) for t in DTYPES
               if any((r["framework"], r["derivative"], r["dtype"]) ==
                      (f, d, t) for r in rows)]
    figure, axes = pyplot.subplots(figsize=(13, 0.32 * len(names) + 2))
    for r in rows:
        x = columns.index((r["framework"], r["derivative"], r["dtype"]))
        y = names.index(r["activation"])
        axes.add_patch(pyplot.Rectangle((x + .04, y + .06), .92, .88,
                                        color=COLOUR[mark(r)], lw=0))
        axes.text(x + .5, y + .46, SIGN[mark(r)], ha="center", va="center",
                  color="white", weight="bold")
    axes.set(xlim=(0, len(columns)), ylim=(0, len(names)))
    axes.set_xticks([k + .5 for k in range(len(columns))],
                    [t for _, _, t in columns], rotation=90)
    axes.set_yticks([k + .5 for k in range(len(names))], names)
    axes.tick_params(length=0)
    for (f, d), group in groupby(enumerate(columns), lambda c: c[1][:2]):
        places = [k for k, _ in group]
        axes.text(sum(places) / len(places) + .5, len(names) + .3,
                  f"{f}\n{('forward', 'gradient')[d]}", ha="center")
        axes.axvline(places[0], color="#888888", lw=1)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.legend(handles=[Patch(color=c, label=f"{name} {SIGN[name]}".strip())
                         for name, c in COLOUR.items()],
                loc="upper center", bbox_to_anchor=(.5, -.12), ncol=3,
                frameon=False)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})


def report(group: list[dict]) -> list[str]:
    """One kernel's fault in all types, ready to be sent."""
    worst = max(group, key=gravity)
    what = ("gradient of " * worst["derivative"]) + worst["expression"]
    lines = ["", f"## {what}: {causes(worst)}", "",
             f"{worst['framework']} {worst['version']}, CPU, x86-64.", ""]
    for row in group:
        at = row["worst"]
        lines.append(f"- {row['dtype']}: x = {decimal(at['input'])} "
                     f"(`{at['input']}`) gives {decimal(at['got'])} "
                     f"(`{at['got']}`), right is {decimal(at['want'])} "
                     f"(`{at['want']}`)"
                     + ("" if error(row) in ("NaN", "inf", "-inf") else
                        f", {error(row)} ULP away"))
    for found in worst["diagnosis"]:
        if found["level"] == "error":
            share = (f" ({found['explains']} of {found['of']} wrong results)"
                     if found.get("of") else "")
            lines += ["", f"Cause: {found['words']}{share}."]
    return lines + ["", "```python", worst["program"].rstrip(), "```",
                    "", f"prints {decimal(worst['worst']['got'])}; expected "
                    f"{decimal(worst['worst']['want'])}."]


def write(out: pathlib.Path, rows: list[dict]) -> None:
    count = {m: sum(mark(r) == m for r in rows) for m in COLOUR}
    times = sorted(r["seconds"] for r in rows)
    head = HEAD.format(kernels=len(rows), **count,
                       types=", ".join(t for t in DTYPES if any(
                           r["dtype"] == t for r in rows)),
                       seconds=sum(times), median=times[len(times) // 2])
    reports = out / "reports"
    reports.mkdir(exist_ok=True)
    told = ["", "Reports that can be sent as they stand, one for each wrong "
            "kernel whose fault a program of a few lines shows:", ""]
    for (title,), of in groups(rows, "framework"):
        lines, n = [f"# {title}"], 0
        grave = [r for r in of if mark(r) == "wrong" and r["program"]]
        for _, group in groups(grave, "expression", "derivative"):
            lines += report(sorted(group, key=gravity, reverse=True))
            n += 1
        if n:
            name = title.lower().replace(" ", "_") + ".md"
            (reports / name).write_text("\n".join(lines) + "\n")
            told.append(f"- [{title}](reports/{name}): {n}")
    (out / "frameworks.md").write_text(
        head + "\n".join(overview(rows) + details(rows) + told) + "\n")
    picture(out / "frameworks.svg", rows)
