"""Follow one example through every stage: `uv run debug-one ID`."""

from __future__ import annotations

import sys
from pathlib import Path

from ..runtime.arguments import read_options, workspace_of
from ..runtime.command import guarded
from ..runtime.errors import UserError, nearest
from ..runtime.files import Workspace, find_project

HELP = """\
debug-one ID            follow one example: raw record, split, leak check, preparation, features,
                        each layer of the network, probabilities, decision, stored predictions
debug-one ID run=NAME   through the network of a run by hand
             model=champion, model=3 or model=FOLDER
                        through the model in use, a version of the registry, or any model folder
             fold=N     where the data have folds: through the network of another fold
debug-one --wrong       the validation rows on which the network is most wrong, to follow one
         split=test     the same of the test rows: look, and do not choose a model by what you see
ID is what predictions, the report and data/prepared/samples.parquet call the example.
More: docs/debugging.md
"""
KEYS = ("run", "model", "fold", "split")
WRONG = "--wrong"
SPLITS = ("val", "test")


def main() -> None:
    """Follow the example that the arguments name."""
    guarded(_follow, "debug-one")()


def _follow() -> None:
    words = sys.argv[1:]
    if not words or {"-h", "--help"} & set(words):
        print(HELP, end="")
        return
    asked, options = read(words)
    project = find_project(Path.cwd())
    workspace = workspace_of(options, project, "debug-one")
    if asked == WRONG:
        from .recorded import tell_wrong

        split, run = options.get("split", SPLITS[0]), options.get("run")
        lines = tell_wrong(workspace.reads("predictions/network"), split, run)
    else:
        from omegaconf import OmegaConf

        from ..config import typed
        from .following import Asked, follow

        model = _model(options, workspace)
        if not workspace.config_file.exists():
            raise UserError("params.yaml: not there yet. `uv run dvc repro` makes it.")
        data = typed(OmegaConf.load(workspace.config_file)).data
        fold = int(options["fold"]) if "fold" in options else None
        lines = follow(Asked(asked, fold, model, own="model" not in options), workspace, data)
    for line in lines:
        print(line)


def read(words: list[str]) -> tuple[str, dict[str, str]]:
    """Return the ID, or ``--wrong``, and the options by their names.

    Raises:
        UserError: for an option that is unknown, empty, or does not go with another.
    """
    asked, *rest = words
    options = read_options(rest, KEYS)
    for key in ("model", "fold") if asked == WRONG else ("split",):
        if key in options:
            told = "one ID to go with it" if asked == WRONG else f"{WRONG} to go with it"
            raise UserError(f"{key}={options[key]}: expected {told}.")
    if options.get("split", SPLITS[0]) not in SPLITS:
        raise UserError(f"split={options['split']}: unknown. {nearest(options['split'], SPLITS)}")
    if "fold" in options and not options["fold"].isdecimal():
        raise UserError(f"fold={options['fold']}: expected the number of a fold.")
    return asked, options


def _model(options: dict[str, str], workspace: Workspace) -> Path:
    if "model" not in options:
        return workspace.reads("models/network")
    from ..config import typed
    from ..prediction.registered import find_model
    from ..runtime.composition import compose, current_overrides

    tracking = typed(compose(current_overrides())).tracking
    return find_model(options["model"], workspace.project, tracking)


if __name__ == "__main__":
    main()
