"""2,000 bootstrap resamples of 100,000 predictions: ours, scipy's, and a plain loop, in turns."""

import argparse
from statistics import median

from project import PACKAGE, generate, measure, save, show

WAYS = {
    "a mean": "ours.bootstrap_mean(values)",
    "a mean, over 20,000 groups": "ours.bootstrap_mean(values, groups=groups)",
    "three functions of four means": "ours.bootstrap_means(columns, [first, second, ratio])",
    "BCa of a mean": "ours.bca_means(columns[:, :1], first)",
    "macro-F1 of ten classes": "ours.bootstrap_confusion(confusion, [macro_f1])",
    "scipy, percentile, a mean": "scipy_mean('percentile')",
    "a plain loop, a mean": "plain_loop()",
}
CODE = f"""
import resource, sys, time
import numpy as np
from scipy.stats import bootstrap as scipy_bootstrap, norm
from {PACKAGE}.stats import bootstrap as ours
from {PACKAGE}.stats.confusion import macro_f1

ROWS = 100_000
random = np.random.default_rng(0)
columns = random.exponential(size=(ROWS, 4))
values, groups = columns[:, 0].copy(), random.integers(20_000, size=ROWS)
truth = random.integers(10, size=ROWS)
guess = np.where(random.random(ROWS) < 0.9, truth, random.integers(10, size=ROWS))
confusion = np.bincount(truth * 10 + guess, minlength=100).reshape(10, 10)
first, second = ours.first_mean, ours.second_mean

def ratio(means):
    return means[..., 2] / means[..., 3]

def scipy_mean(method):
    return scipy_bootstrap((values,), np.mean, n_resamples=2000, method=method, batch=10, rng=0)

def plain_loop():
    return [values[random.integers(ROWS, size=ROWS)].mean() for _ in range(2000)]

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

before, started = peak(), time.perf_counter()
eval(sys.argv[1])
print(time.perf_counter() - started, (peak() - before) / 1024)
"""


def main():
    """Print the seconds and the memory above what was there before, for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    project = generate("tabular")
    results = []
    for turn in range(options.turns):
        for name in list(WAYS) if turn % 2 else reversed(list(WAYS)):
            seconds, mib = map(float, measure(project, CODE, WAYS[name])["said"].split())
            results.append({"turn": turn, "what": name, "seconds": seconds, "mib": mib})
    save("benchmark-bootstrap", results)
    plain = times(results, "a plain loop, a mean")
    for name in WAYS:
        own = times(results, name)
        ratio = median(a / b for a, b in zip(own, plain, strict=True))
        most = max(one["mib"] for one in results if one["what"] == name)
        show(f"{name:<32} {median(own):.2f} s, {ratio:.2f} of the plain loop, {most:.0f} MiB more")


def times(results, name):
    """Return the seconds of one way, turn by turn."""
    return [one["seconds"] for one in sorted(results, key=turn_of) if one["what"] == name]


def turn_of(one):
    """Return the turn of a measurement."""
    return one["turn"]


if __name__ == "__main__":
    main()
