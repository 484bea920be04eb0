"""The worked experiments of the example: planned in one commit, with their result in a later one.

A new project gets both in its first commit, so this history is the only place that can tell.
"""

import hashlib
import json
import subprocess

import pytest

from support import TEMPLATE

FOLDER = "{{cookiecutter.project_slug}}/_options/kit"
PLANS = sorted((TEMPLATE / FOLDER).glob("*/docs/experiments/example_*.yaml"))
EACH = pytest.mark.parametrize("plan", PLANS, ids=lambda file: f"{file.parts[-4]}-{file.stem}")


def git(*words):
    return subprocess.run(["git", *words], cwd=TEMPLATE, capture_output=True, check=False)


def commits(file):
    """The commits that changed a file, the newest first."""
    place = file.relative_to(TEMPLATE).as_posix()
    return git("log", "--format=%H", "--", place).stdout.decode().split()


def test_both_kits_have_a_worked_experiment():
    assert {file.parts[-4] for file in PLANS} == {"image", "tabular"}


@EACH
def test_a_result_is_that_of_its_plan(plan):
    result = json.loads(plan.with_suffix(".json").read_text("utf-8"))
    text = plan.read_bytes().replace(b"\r\n", b"\n")
    assert result["plan_hash"] == hashlib.sha256(text).hexdigest()[:32]
    assert result["sentence"] in plan.with_suffix(".md").read_text("utf-8")
    assert f'aria-label="{result["sentence"]}"' in plan.with_suffix(".svg").read_text("utf-8")


@EACH
def test_a_plan_was_committed_before_its_result(plan):
    planned, told = commits(plan), commits(plan.with_suffix(".json"))
    if not planned or git("rev-parse", "--is-shallow-repository").stdout.strip() != b"false":
        pytest.skip("the history of this copy is not here")
    first = told[-1] if told else "HEAD"
    assert planned[0] != first
    assert git("merge-base", "--is-ancestor", planned[0], first).returncode == 0
