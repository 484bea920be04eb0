"""Predict the rows of files, whatever their number: `uv run predict PATH`."""

from __future__ import annotations

import sys
from pathlib import Path

from ..runtime.arguments import read_options, workspace_of
from ..runtime.command import guarded
from ..runtime.errors import UserError
from ..runtime.files import find_project

HELP = """\
predict PATH            predict the rows of a file or a folder, as `ingest` reads them, and write
                        runs/predict/NAME.parquet; rows that cannot be read are listed beside it
predict PATH to=FILE    write to another place
             run=NAME   by the model of a run by hand
             model=champion, model=3 or model=FOLDER
                        by the model in use, by a version of the registry, or by any model folder
             keep=A,B   keep these columns of a table beside the predictions
Killed or interrupted, it goes on with the same command. More: docs/predict.md
"""
KEYS = ("to", "run", "model", "keep")


@guarded
def main() -> None:
    """Predict, and say what was written."""
    words = sys.argv[1:]
    if not words or {"-h", "--help"} & set(words):
        print(HELP, end="")
        return
    path, options = read(words)
    project = find_project(Path.cwd())
    model = _model(options, project)
    from .procedure import bad_beside, predict_files
    from .source import Source

    source = Source(path, model, [name for name in options.get("keep", "").split(",") if name])
    to = Path(options.get("to", project / "runs/predict" / f"{path.stem}.parquet"))
    if to.suffix != ".parquet":
        raise UserError(f"to={to}: expected the name of a .parquet file.")
    for note in source.notes:
        print(f"predict: {note}")
    good, bad = predict_files(model, source, to)
    print(f"predict: {good:,} rows, in {_short(to)}")
    if bad:
        why = _short(bad_beside(to))
        print(f"predict: {bad:,} of {good + bad:,} rows cannot be read; {why} says why")


def read(words: list[str]) -> tuple[Path, dict[str, str]]:
    """Return the path, and the options by their names.

    Raises:
        UserError: for an option that is unknown, empty, or does not go with another.
    """
    path, *rest = words
    options = read_options(rest, KEYS)
    return Path(path), options


def _model(options: dict[str, str], project: Path) -> Path:
    if "model" in options:
        from ..config import typed
        from ..runtime.composition import compose, current_overrides
        from .registered import find_model

        return find_model(options["model"], project, typed(compose(current_overrides())).tracking)
    return workspace_of(options, project, "predict").reads("models/network")


def _short(file: Path) -> str:
    here = Path.cwd()
    return (file.relative_to(here) if file.is_relative_to(here) else file).as_posix()


if __name__ == "__main__":
    main()
