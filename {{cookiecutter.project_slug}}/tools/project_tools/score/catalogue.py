"""The 28 items of the ML Test Score, in own words, and what each asks of this project.

After E. Breck, S. Cai, E. Nielsen, M. Salib and D. Sculley: The ML Test Score: A Rubric for ML
Production Readiness and Technical Debt Reduction. IEEE Big Data 2017.
"""

from __future__ import annotations

from dataclasses import dataclass

SECTIONS = {"data": "Data", "model": "Model", "infra": "Infrastructure", "mon": "Monitoring"}
FULL, HALF = 1.0, 0.5
RECORD = "write a record, and name it in docs/evidence"


@dataclass(frozen=True)
class Part:
    """Of a project, without which an item cannot be earned: one of these files, or no point."""

    files: tuple[str, ...]
    told: str


SERVICE = Part(("src/*/serving/__init__.py",), "there is no service here (answer `scope`: service)")
BOT = Part(
    (".github/dependabot.yml", "renovate.json"),
    "nobody looks at dependencies here (answer `ci`: github or gitlab)",
)


@dataclass(frozen=True)
class Item:
    """One of the 28. ``advice`` says what earns it where it has no full point."""

    name: str
    title: str
    advice: str
    most: float = FULL  # what tests can earn: half where a part of the item needs people or traffic
    part: Part | None = None

    @property
    def section(self) -> str:
        """The first half of the name."""
        return self.name.partition("-")[0]


ITEMS = (
    Item(
        "data-1",
        "What each feature should look like is written as a schema",
        "the contract must refuse planted bad rows: mend what is listed",
    ),
    Item(
        "data-2",
        "Every feature earns its place",
        "train without each group of features in turn, compare on the same rows, mark the test",
    ),
    Item(
        "data-3",
        "No feature costs too much",
        "measure time and memory of each transform against a budget, and mark the test",
    ),
    Item(
        "data-4",
        "Features obey policy",
        "what is forbidden must not reach the model: mend what is listed",
    ),
    Item(
        "data-5",
        "Privacy is kept along the pipeline",
        f"write who may see which data, how one person's rows are deleted: {RECORD}",
    ),
    Item(
        "data-6",
        "A new feature is quick to add",
        f"add one, and note how long each step took: {RECORD}",
    ),
    Item(
        "data-7",
        "The code of features is tested",
        "encoding, statistics and preparation must pass: mend what is listed",
    ),
    Item(
        "model-1",
        "Model code is reviewed and in version control",
        "tests show that nothing uncommitted is released; that people review it is the host's rule",
        most=HALF,
    ),
    Item(
        "model-2",
        "The offline metric tracks the real effect",
        f"compare it with what users do, over several releases: {RECORD}",
    ),
    Item(
        "model-3",
        "Hyperparameters are tuned",
        f"`uv run tune`, and a note of what it found: {RECORD}",
    ),
    Item(
        "model-4",
        "What an old model costs is known",
        "train on older rows, test on the newest, draw the error over the age, mark the test",
    ),
    Item(
        "model-5",
        "A simpler model is not better",
        "baselines on the same rows with the same budget: mend what is listed",
    ),
    Item(
        "model-6",
        "The model is good on every important slice",
        "slices with margins must stop a worse model: mend what is listed",
    ),
    Item(
        "model-7",
        "The model is checked for inclusion",
        f"name sensitive columns, or say why there are none: {RECORD}",
    ),
    Item("infra-1", "Training repeats", "the same seed must give the same weights"),
    Item("infra-2", "Model code is unit-tested", "checks of the network must pass"),
    Item("infra-3", "The whole pipeline is tested", "from raw data to predictions, on small data"),
    Item("infra-4", "Quality is checked before a model is used", "the gate must refuse bad models"),
    Item(
        "infra-5",
        "One example can be followed step by step",
        "a command that prints every stage of one example; mark its test",
    ),
    Item(
        "infra-6",
        "A new model is tried on a part of the traffic first",
        "simulated here: the rest is real traffic, which no test has",
        most=HALF,
        part=SERVICE,
    ),
    Item("infra-7", "The model before can be put back", "rollback must say what it said before"),
    Item(
        "mon-1",
        "Changes of dependencies are told",
        "a bot, nightly jobs and checks of the data that come in: mend what is listed",
        part=BOT,
    ),
    Item(
        "mon-2",
        "Rules for inputs hold in training and in serving",
        "one contract for both, and an alarm: mend what is listed",
        part=SERVICE,
    ),
    Item(
        "mon-3",
        "Features are the same in training and in serving",
        "the same rows must get the same inputs: mend what is listed",
        part=SERVICE,
    ),
    Item("mon-4", "Models are not too old", "an alarm by age: mend what is listed", part=SERVICE),
    Item(
        "mon-5",
        "Numbers stay numbers",
        "NaN and infinity must be refused, in training and in serving: mend what is listed",
        part=SERVICE,
    ),
    Item(
        "mon-6",
        "Speed and memory do not get worse",
        "the comparison with the model in use: mend what is listed",
    ),
    Item(
        "mon-7",
        "Quality of what is served does not get worse",
        "replayed here: the rest is labels of real traffic, which no test has",
        most=HALF,
        part=SERVICE,
    ),
)
NAMES = tuple(item.name for item in ITEMS)
