"""Continuous integration as text: what linters of workflows and pipelines say, offline."""

import re
import shutil
import subprocess

import pytest
import yaml

from support import CHOICES, PROJECT, TEMPLATE, bake

GITLAB = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
SCHEMAS = {
    ".github/workflows/*.yml": ["--builtin-schema", "vendor.github-workflows"],
    ".github/dependabot.yml": ["--builtin-schema", "vendor.dependabot"],
    ".github/ISSUE_TEMPLATE/[!c]*.yml": ["--builtin-schema", "vendor.github-issue-forms"],
    ".github/ISSUE_TEMPLATE/config.yml": ["--builtin-schema", "vendor.github-issue-config"],
    "CITATION.cff": ["--builtin-schema", "vendor.citation-file-format"],
    ".gitlab-ci.yml": GITLAB,
    ".gitlab/ci/*.yml": GITLAB,
    "renovate.json": ["--builtin-schema", "vendor.renovate"],
}
WITH_CI = [ci for ci in CHOICES["ci"] if ci != "none"]
ANSWERS = [
    {"ci": ci, "scope": scope, "torch_build": build}
    for ci in WITH_CI
    for scope in CHOICES["scope"]
    for build in ("pypi", "cuda")
] + [{"ci": ci, "preset": "learning", "torch_build": "cuda"} for ci in WITH_CI]


@pytest.fixture(
    scope="module", params=[{}, *ANSWERS], ids=lambda answers: "-".join(answers.values())
)
def project(request, tmp_path_factory):
    """A project of each kind, and the template itself."""
    return bake(tmp_path_factory.mktemp("ci"), **request.param) if request.param else TEMPLATE


def lint(project, tool, *arguments):
    """What a linter has to say: its output, if it ends with another code than 0."""
    command = [shutil.which(tool), *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, encoding="utf-8", check=False)
    return done.stdout + done.stderr if done.returncode else ""


def workflows(project):
    return sorted(project.glob(".github/workflows/*.yml"))


def test_files_follow_their_schemas(project):
    checked = 0
    for pattern, options in SCHEMAS.items():
        if files := sorted(map(str, project.glob(pattern))):
            assert lint(project, "check-jsonschema", *options, *files) == ""
            checked += len(files)
    assert checked >= 6


def test_nobody_outside_can_make_a_workflow_do_what_it_should_not(project):
    if (project / ".github").exists():
        assert lint(project, "zizmor", "--offline", "--persona=pedantic", ".github") == ""


def test_workflows_mean_something(project):
    if files := workflows(project):
        assert lint(project, "actionlint", *map(str, files)) == ""


def test_every_action_is_pinned_by_hash_and_each_in_one_version_everywhere():
    pins = {}
    places = [TEMPLATE / ".github", PROJECT / "_options"]
    files = [file for place in places for file in place.rglob("workflows/*.yml*")]
    assert len(files) > 6
    for file in files:
        for used in re.findall(r"uses: (.+)", file.read_text("utf-8")):
            if not used.startswith("./"):
                name, pin = re.fullmatch(r"(\S+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", used).groups()
                pins.setdefault(name, set()).add(pin)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


RUNS_THE_PROJECT = re.compile(
    r"(^|[;&|(])\s*(uv|uvx|pip|python|dvc|pytest|pre-commit)\s", re.MULTILINE
)


def test_only_jobs_that_run_nothing_of_the_project_may_write(project):
    for file in workflows(project):
        workflow = yaml.safe_load(file.read_text("utf-8"))
        assert workflow["permissions"] == {}
        for name, job in workflow["jobs"].items():
            if "write" in job["permissions"].values() and name != "container":
                assert not any("uses" in step for step in job["steps"]), f"{file.name}: {name}"
                commands = "\n".join(step["run"] for step in job["steps"])
                assert not RUNS_THE_PROJECT.search(commands), f"{file.name}: {name}"


def jobs_of_gitlab(project):
    """All files of the pipeline as one, as GitLab reads them."""
    files = [project / ".gitlab-ci.yml", *sorted(project.glob(".gitlab/ci/*.yml"))]
    merged = {}
    for file in files:
        merged |= yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}
    return merged, {name: job for name, job in merged.items() if "script" in (job or ())}


def test_jobs_of_gitlab_need_extend_and_follow_what_there_is(project):
    merged, jobs = jobs_of_gitlab(project)
    assert bool(jobs) == (project / ".gitlab-ci.yml").exists()
    for name, job in jobs.items():
        assert job["stage"] in merged["stages"], name
        assert job.get("extends", ".change") in merged, name
        for needed in job.get("needs", ()):
            assert merged["stages"].index(jobs[needed]["stage"]) <= merged["stages"].index(
                job["stage"]
            ), name


def test_jobs_of_gitlab_that_know_a_token_run_nothing_of_the_project(project):
    _, jobs = jobs_of_gitlab(project)
    for name, job in jobs.items():
        if "environment" in job:
            assert not RUNS_THE_PROJECT.search("\n".join(job["script"])), name
        else:
            assert "_TOKEN" not in str(job["script"]).replace("CI_JOB_TOKEN", ""), name
