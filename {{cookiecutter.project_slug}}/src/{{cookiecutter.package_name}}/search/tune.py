"""Search hyperparameters: `uv run tune search=NAME`. What won is judged by fresh seeds."""

from __future__ import annotations

import sys
from pathlib import Path

from ..runtime.command import guarded
from ..runtime.errors import check
from ..runtime.files import find_project

HELP = """\
tune search=NAME           search over the space of conf/search/NAME.yaml, judge what won by fresh
                           seeds, and write reports/search.html and conf/experiment/NAME.yaml
tune search=NAME KEY=VALUE with this in every trial, as `train` takes it
     tune.trials=40 tune.workers=2 tune.pruner=median tune.metric=val/loss tune.study=OTHER ...
tune search=NAME tune.target=baselines
                           give each classical model as many trials, and compare
Interrupted, it goes on with the same command; on other machines the same command joins.
Every value: conf/tune/default.yaml. More: docs/tuning.md
"""


@guarded
def main() -> None:
    """Search, judge, and report."""
    words = sys.argv[1:]
    if not words or {"-h", "--help"} & set(words):
        from ..runtime.composition import CONF

        names = ", ".join(sorted(file.stem for file in (CONF / "search").glob("*.yaml")))
        print(f"{HELP}Searches: {names}")
        return
    from omegaconf import OmegaConf

    from ..config import typed
    from ..measures.uncertainty import Uncertainty
    from ..runtime.composition import compose, merge_overrides
    from .asking import read
    from .judging import Judge
    from .outcome import conclude
    from .procedure import Given, search, workspace_of

    project = find_project(Path.cwd())
    asked, own = read(words, project)
    composed = compose(merge_overrides(asked.overrides, own))
    config, resolved = typed(composed), OmegaConf.to_container(composed, resolve=True)
    settings = config.evaluation
    how = Uncertainty(settings.level, settings.resamples, 0, settings.margin)
    parts = config.tune, config.trainer, config.tracking, config.seed, config.data.batch_size
    given = Given(*parts, resolved, how)  # pyrefly: ignore[bad-argument-type]
    name = config.tune.study or asked.name
    check(bool(name), "search", "null", "a space to search, as in search=quick")
    workspace = workspace_of(project, name)
    found = search(workspace, asked, given)
    if found is None:
        return
    study, space = found
    judge = Judge(config.tune.split.value, config.tune.seeds, config.seed, config.tune.workers, how)
    conclude(workspace, asked, study, space, config.tune.target, judge)


if __name__ == "__main__":
    main()
