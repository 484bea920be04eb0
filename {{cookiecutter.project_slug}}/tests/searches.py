"""What tests of searches share."""

import subprocess
import sys
from pathlib import Path

import optuna
import small_data
from calling import QUICK

from {{ cookiecutter.package_name }}.search.study import open_trial
from {{ cookiecutter.package_name }}.search.trial import LOG, Order

SHORT = [*QUICK, *small_data.OVERRIDES, "tracking.enabled=false", "trainer.max_epochs=4"]
MADE_FROM = {"model": {"_target_": "net", "blocks": 2}, "code": "1"}


def python(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code])


class Played:
    """Trials of one line of Python each; what they tell is told when they are started."""

    def __init__(self, study: optuna.Study) -> None:
        self.study, self.started = study, list[int]()
        self.environments: list[dict[str, str]] = []
        self.codes: dict[int, list[str]] = {}  # by number, for one start after the other
        self.failing = self.steps = False

    def __call__(
        self, order: Order, folder: Path, environment: dict[str, str]
    ) -> "subprocess.Popen[bytes]":
        order.save(folder)
        self.started.append(order.number)
        self.environments.append(environment)
        (folder / LOG).write_text("trial: no memory left\n", "utf-8")
        codes = self.codes.get(order.number, [])
        if self.steps:
            open_trial(self.study, order.number).report(1.0, len(self.started))
        if codes or self.failing:
            return python(codes.pop(0) if codes else "raise SystemExit(1)")
        self.study.tell(order.number, float(order.number), skip_if_finished=True)
        return python("pass")
