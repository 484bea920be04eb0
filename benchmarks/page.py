"""docs/speed.md, from the numbers of the last runs of train_loop.py."""

import json
import re
from pathlib import Path
from statistics import median

TEMPLATE = Path(__file__).resolve().parent.parent
RESULTS = TEMPLATE / "benchmarks" / "results"
PAGE = TEMPLATE / "docs" / "speed.md"
NAMES = {
    "CNN": "a CNN on 60,000 images of 28x28",
    "ResNet": "a ResNet on 8,192 images of 224x224",
    "image": "the image kit as it comes",
    "tabular": "the tabular kit as it comes",
}
KITS = ("image", "tabular")
LONG_STEP = 5.0  # ms by hand; of shorter steps nothing is asked, but of the kits' own
AT_MOST = {"CNN": 1.10, "ResNet": 1.10, "image": 1.5, "tabular": 2.0, "first step": 1.25}


def spread(ratios):
    """The middle of some ratios, and their range."""
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def ratios(result, way, other, *, whole=False):
    """Divide the seconds of each round of both; ``whole`` adds what comes after the fit."""
    times = {name: result["seconds"][name] for name in (way, other)}
    if whole:
        times[way] = [sum(pair) for pair in zip(times[way], result["afterwards"][way], strict=True)]
    return [one / two for one, two in zip(times[way], times[other], strict=False)]


def training_table(training):
    """Write a line for each network."""
    lines = ["| training | steps | a step by hand | ours / by hand | asked for | usual / ours |"]
    lines.append("|---|---|---|---|---|---|")
    for name, result in training.items():
        step = median(result["seconds"]["bare"]) / result["steps"] * 1000
        ours = spread(ratios(result, "ours", "bare"))
        if "afterwards" in result:  # not where there was no MLflow
            ours += f" [{median(ratios(result, 'ours', 'bare', whole=True)):.2f}]"
        usual = spread(ratios(result, "usual", "ours")) if "usual" in result["seconds"] else ""
        cells = [NAMES[name], f"{result['steps']:,} of {result['batch']} rows", f"{step:.2f} ms"]
        asked = f"at most {AT_MOST[name]:.2f}" if name in KITS or step >= LONG_STEP else ""
        cells += [ours, asked, usual]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def start_table(first_step):
    """Write how much longer than the imports it takes until the first step."""
    lines = [
        "| until the first optimizer step | imports of torch and lightning | ratio | asked for |"
    ]
    lines.append("|---|---|---|---|")
    for name, pairs in first_step.items():
        step, imports = (median(some) for some in zip(*pairs, strict=True))
        ratio = spread([one / two for one, two in pairs])
        asked = f"at most {AT_MOST['first step']:.2f}"
        lines.append(f"| {NAMES[name]}: {step:.1f} s | {imports:.1f} s | {ratio} | {asked} |")
    return lines


def gpu_table(training):
    """Write samples per second, and model FLOP utilisation."""
    lines = ["| training | way | samples/s | MFU |", "|---|---|---|---|"]
    for name, result in training.items():
        for way in result["seconds"]:
            rate, share = result[f"{way} samples/s"], result[f"{way} MFU"]
            lines.append(f"| {NAMES[name]} | {way} | {rate:,.0f} | {100 * share:.2g}% |")
    return lines


def section(found):
    """Write what one run found, on one machine."""
    training = found["training"]
    some = next(iter(training.values()))
    place = some.get("card", f"{found['cores']} cores")
    torch = " and ".join(sorted({result["torch"] for result in training.values()}))
    facts = f"{found['system']}, Python {found['python']}, torch {torch}"
    lines = ["", f"## {place}, {found['date']}", "", f"{facts}.", "", *training_table(training)]
    if "card" in some:
        lines += ["", *gpu_table(training)]
    if found["first step"]:
        lines += ["", *start_table(found["first step"])]
    return lines


def page():
    """Write the whole page."""
    files = sorted(RESULTS.glob("train_loop*.json"))
    sections = [section(read_results(file.stem)) for file in files]
    top = (TEMPLATE / "benchmarks" / "speed.md").read_text(encoding="utf-8")
    return top + "\n".join(line for lines in sections for line in lines) + "\n"


def read_results(name):
    """Return the numbers of the last run of this name; nothing before the first."""
    if not (RESULTS / f"{name}.json").exists():
        return {}
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def write_page(name, found):
    """Keep the numbers of a run, and write the page anew."""
    RESULTS.mkdir(exist_ok=True)
    text = re.sub(r"\s+(?=[\d\]])", " ", json.dumps(found, indent=1))  # numbers beside each other
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
