"""A small project whose pages of reference are written."""

from pathlib import Path

FILES = {
    "pyproject.toml": '[project.scripts]\ncompose = "toy.compose:main"\nuse = "toy.use:main"\n'
    'train = "toy.train:main"\n',
    "dvc.yaml": "stages:\n  train:\n    params: [trainer, seed]\n"
    "    outs: [models: {cache: true}]\n    metrics: [summary.json]\n",
    "tools/pyproject.toml": '[project.scripts]\ndoctor = "tool:main"\n',
    "tools/tool.py": '"""Look.\n\nAt all.\n"""\nparser.add_argument("--quiet")\n'
    'parser.add_argument("--fix", metavar="N", help="mend so many")\n'
    'parser.add_argument("names", metavar="NAME", help="of what")\n',
    "src/toy/compose.py": '"""Compose."""\n',
    "src/toy/use.py": '"""Make a choice."""\nHELP = """\\\nuse KEY=VALUE   make it\n"""\n',
    "src/toy/train.py": 'def main():\n    """Train it."""\n',
    "src/toy/parts.py": 'class Part:\n    """A part."""\n\n    name: str  # of the part\n',
    "src/toy/config/__init__.py": '''\
from ..parts import Part

class Mode(Enum):
    """How it goes."""

    fast = "fast"
    slow = "slow"

class Base:
    _target_: str
    width: int  # of *a* layer, as `a_b`

class Small(Base):
    """A network."""

MODELS = {".model.Small": Small}

class Rest:
    minutes: float

class Job:
    """What a job asks for."""

    cpus: int  # of each process

class Trainer:
    """How it is trained."""

    # a line above
    # its field
    epochs: int | None
    rest: Rest
    job: Job | None
    parts: list[Part]

class Config:
    model: Any
    trainer: Trainer
    seed: int  # of every draw
    mode: Mode
''',
    "src/toy/conf/config.yaml": "defaults:\n  - model: default\n  - trainer: cpu\n  - _self_\n"
    "  - debug: null\n  - override hydra/x: none\nseed: 0\nmode: fast # slow where it must\n",
    "src/toy/conf/model/default.yaml": "# The usual.\ndefaults: [small]\n",
    "src/toy/conf/model/small.yaml": "# A small one.\n_target_: .model.Small\nwidth: 8\n",
    "src/toy/conf/trainer/cpu.yaml": "# Here.\nepochs: 3\njob: null\nparts: []\nrest:\n"
    "  minutes: 1.5 # beside its value\n",
    "src/toy/conf/trainer/gpu.yaml": "# Another machine.\ndefaults: [cpu, _self_]\nepochs: 9\n",
    "src/toy/conf/debug/look.yaml": "# @package _global_\n# A look at it.\n# command: x\n"
    "# duration: 3 s\n# expect: nothing\nseed: 1\n",
}
CHANGED = ("seed: int  # of every draw", "seed: float  # of every draw")


def write_reference_toy(folder: Path) -> Path:
    """Write the toy project."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder
