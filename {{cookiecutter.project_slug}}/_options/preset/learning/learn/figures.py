"""The figures of docs/skills/, drawn by the project's own functions: `python -m learn.figures`.

They need no data and no training, and the same versions of the libraries give the same bytes.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = PROJECT / "docs/skills/figures"


def own(module: str) -> ModuleType:
    """Return a module of this project's package, whatever the package is called."""
    (place,) = (PROJECT / "src").glob("*/ingest.py")
    return importlib.import_module(f"{place.parent.name}.{module}")


drawing = own("reporting.drawing")
FIRST, SECOND, GOOD, BAD = drawing.NETWORK, drawing.BASELINE, drawing.GOOD, drawing.BAD


def python() -> Figure:
    """Rows as an iterator with a state gives them: an interrupted epoch goes on where it was."""
    batches = own("training.batches").Batches
    whole = [list(share.rows) for share in batches(64, 8, seed=0)]
    resumed = batches(64, 8, seed=0)
    resumed.first = 5
    rest = [list(share.rows) for share in resumed]
    figure, axes = drawing.new_figure(2.6, 1.2 * drawing.WIDTH)
    for name, parts, start, mark, color in (
        ("the whole epoch", whole, 0, "o", SECOND),
        ("gone on with after batch 5", rest, 5, "x", FIRST),
    ):
        rows = np.concatenate(parts)
        axes.plot(8 * start + np.arange(len(rows)), rows, mark, color=color, label=name)
    axes.axvline(39.5, color=BAD, linewidth=1)
    axes.set_xlabel("place in the epoch")
    axes.set_ylabel("row")
    figure.legend(loc="outside upper right", ncols=2)
    return figure


def mathematics() -> Figure:
    """Gradient descent on a quadratic: below 2 / the largest eigenvalue it arrives, above not."""
    eigenvalues = np.array([1.0, 10.0])
    figure, axes = drawing.new_figure(2.6, 1.2 * drawing.WIDTH)
    for share, color in ((0.5, GOOD), (0.97, FIRST), (1.02, BAD)):
        place = np.array([1.0, 1.0])
        lengths: list[float] = []
        for _ in range(41):
            lengths.append(float(np.linalg.norm(place)))
            place = place - share * 2 / eigenvalues.max() * eigenvalues * place
        axes.semilogy(lengths, color=color, label=f"{share:g} of the bound")
    axes.set_yticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    axes.minorticks_off()
    axes.set_xlabel("steps")
    axes.set_ylabel("distance to the minimum")
    figure.legend(loc="outside upper right", ncols=3)
    return figure


def communication() -> Figure:
    """What may be said of an interval: the verdict follows from it, and not from its middle."""
    conclusion, interval = own("experiments.conclusion"), own("stats.intervals").Interval
    limits = conclusion.Limits(seeds=5, margin=0.02, unit=1.0)
    ends = [(0.006, 0.024), (-0.03, -0.004), (-0.008, 0.009), (-0.004, 0.028), (0.006, 0.024)]
    rows = [2000, 2000, 2000, 2000, 200]
    shown: list[tuple[str, dict[str, float]]] = []
    for (low, high), number in zip(ends, rows, strict=True):
        found = interval((low + high) / 2, low, high, "", number)
        verdict, _ = conclusion.decide(found, 5, limits)
        shown.append((f"{verdict}, n = {number}", found.as_dict()))
    figure, axes = drawing.rows_figure([name for name, _ in shown])
    axes.axvspan(-limits.margin, limits.margin, color=drawing.GRID)
    axes.axvline(0, color=drawing.SOFT, linewidth=1)
    for height, (name, entry) in enumerate(shown):
        color = {"better": GOOD, "worse": BAD}.get(name.partition(",")[0], FIRST)
        drawing.draw_interval(axes, entry, height, color)
    axes.set_xticks([-limits.margin, 0, limits.margin], ["worse", "0", "better"])
    axes.set_xlabel("grey: too small to matter")
    return figure


def stack() -> Figure:
    """2,000 bootstrap means from one call without a loop, and the ends of their middle 95 %."""
    resampling = own("stats.resampling")
    losses = np.random.default_rng(0).exponential(size=(300, 1))

    def only(means: NDArray[np.float64]) -> NDArray[np.float64]:
        return means[..., 0]

    draws = resampling.mean_draws(losses, [only], 2000, 0)
    ((low, high),) = resampling.percentiles(draws, 0.95)
    figure, axes = drawing.new_figure(2.6, 1.2 * drawing.WIDTH)
    axes.hist(draws[:, 0], bins=40, color=SECOND)
    for end in (low, high):
        axes.axvline(end, color=FIRST, linewidth=2)
    axes.axvline(float(losses.mean()), color=BAD, linewidth=1)
    axes.set_xlabel("mean loss of 300 rows drawn again")
    axes.set_ylabel("draws")
    return figure


def models() -> Figure:
    """The learning rate of each step: a warm-up, then a cosine, as the optimizer is told."""
    training, learner = own("config.training"), own("training.learner")
    figure, axes = drawing.new_figure(2.6, 1.2 * drawing.WIDTH)
    for warmup, color in ((0.1, FIRST), (0.0, SECOND)):
        choice = training.AdamW("", 1.0, 0.01, training.Schedule.cosine, warmup, True)
        rates = [learner.rate_at(step, 200, choice) for step in range(200)]
        axes.plot(rates, color=color, label=f"warmup={warmup:g}")
    axes.set_xlabel("step")
    axes.set_ylabel("share of the largest rate")
    figure.legend(loc="outside upper right", ncols=2)
    return figure


def evaluation() -> Figure:
    """How often an interval of 100 rows holds the truth, exactly: Wilson's, and the usual one."""
    from scipy.stats import binom, norm

    wilson, rows = own("stats.intervals").wilson, 100
    counts, shares = np.arange(rows + 1), np.linspace(0.8, 0.995, 118)
    found = [wilson(int(count), rows) for count in counts]
    observed = counts / rows
    half = norm.ppf(0.975) * np.sqrt(observed * (1 - observed) / rows)
    figure, axes = drawing.new_figure(2.6, 1.2 * drawing.WIDTH)
    for name, low, high, color in (
        ("Wilson", np.array([f.low for f in found]), np.array([f.high for f in found]), FIRST),
        ("plus or minus two standard errors", observed - half, observed + half, BAD),
    ):
        inside = [(low <= share) & (share <= high) for share in shares]
        held = [
            float(binom.pmf(counts, rows, share)[now].sum())
            for share, now in zip(shares, inside, strict=True)
        ]
        axes.plot(shares, held, color=color, label=name)
    axes.axhline(0.95, color=drawing.SOFT, linewidth=1)
    axes.set_xlabel("true accuracy")
    axes.set_ylabel("held the truth")
    drawing.show_percent(axes.yaxis)
    figure.legend(loc="outside upper right", ncols=2)
    return figure


def engineering() -> Figure:
    """Test rows that are training rows after new data came: split by hash, and by a new shuffle."""
    import polars as pl

    splits = own("splits")
    split = splits.Split(val=0.2, test=0.2, folds=0, salt=0)
    keys = [f"row {number}" for number in range(2000)]
    added = [0, 10, 100, 500, 1000]

    def by_hash(rows: list[str]) -> set[str]:
        table = pl.DataFrame({"key": rows}).with_columns(splits.split_of(pl.col("key"), split))
        return set(table.filter(pl.col("literal") == "test")["key"])

    def by_shuffle(rows: list[str]) -> set[str]:
        order = np.random.default_rng(0).permutation(len(rows))
        return {rows[place] for place in order[: len(rows) // 5]}

    figure, axes = drawing.new_figure(2.6, 1.2 * drawing.WIDTH)
    for name, parts, color in (("by hash", by_hash, FIRST), ("shuffled anew", by_shuffle, BAD)):
        before = parts(keys[:1000])
        lost = [len(before - parts(keys[: 1000 + more])) / len(before) for more in added]
        axes.plot(added, lost, "o-", color=color, label=name)
    axes.set_xlabel("rows added to 1,000")
    axes.set_ylabel("left the test split")
    drawing.show_percent(axes.yaxis)
    figure.legend(loc="outside upper right", ncols=2)
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    draw.__name__: draw
    for draw in (python, mathematics, communication, stack, models, evaluation, engineering)
}


def main(folder: Path = FOLDER) -> None:
    """Draw every figure into ``folder``."""
    write = own("contrast.standalone").write_figure
    for name, draw in FIGURES.items():
        write(folder / f"{name}.svg", draw, alternative=str(draw.__doc__))
        print(f"figures: {name}.svg")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
