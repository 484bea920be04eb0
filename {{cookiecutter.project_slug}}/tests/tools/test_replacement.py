import subprocess
import sys
from pathlib import Path

import pytest
from project_tools import replacement

EXAMPLES = [
    "contracts/example_shop.yaml",
    "docs/evidence/example.toml",
    "docs/evidence/example_privacy.md",
    "docs/experiments/example.md",
    "docs/experiments/example_classical.svg",
    "docs/papers/example_doe_2021.md",
    "src/shop/conf/data/example.yaml",
    "src/shop/conf/experiment/example_small.yaml",
    "src/shop/sources/example.py",
    "tests/cuts/example.toml",
    "tests/sources/test_example.py",
]
OTHERS = [
    "contracts/my.yaml",
    "deploy/example.env",
    "docs/evidence/README.md",
    "docs/experiments/README.md",
    "src/shop/conf/data/default.yaml",
    "src/shop/conf/experiment/examples_of_mine.yaml",
    "src/shop/sources/finding.py",
]
COMPOSE = """\
from pathlib import Path
values = {"source": "file", "path": "null"}
for line in Path("src/shop/conf/current.yaml").read_text("utf-8").splitlines():
    key, _, value = line.removeprefix("- ").strip("'").partition("=")
    if line == "- experiment=photos":
        values["source"] = "folder"
    if line == "- data=example":
        values = {"source": "example", "path": "shop"}
    if key in ("data.source", "data.path"):
        values[key[5:]] = value
print("seed: 0\\ndata:")
print("  source: {source}\\n  split:\\n    val: 0.2\\n  path: {path}".format(**values))
print("model:\\n  path: weights")
"""
INGEST = """\
import sys
from pathlib import Path
if "data.path=gone.csv" in sys.argv:
    sys.exit("ingest: data.path=gone.csv: no such file.")
current = Path("src/shop/conf/current.yaml")
words = [f"- {word!r}\\n" for word in sys.argv[1:]]
current.write_text("".join([current.read_text("utf-8"), *words]), "utf-8")
"""


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=A Person", "-c", "user.email=a@b.example"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def shop(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project as it is generated, committed, with a toy in place of `ingest`."""
    for name in [*EXAMPLES, *OTHERS, "dvc.yaml", "src/shop/__init__.py"]:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).touch()
    (project / "docs/datasheet.md").write_text("<!-- About the example's data. -->\n", "utf-8")
    (project / "src/shop/ingest.py").write_text(INGEST, "utf-8")
    (project / "src/shop/compose.py").write_text(COMPOSE, "utf-8")
    (project / "src/shop/conf/current.yaml").write_text("- data=example\n- seed=3\n", "utf-8")
    git(project, "init", "-q")
    git(project, "add", "--all")
    git(project, "commit", "-qm", "all")
    monkeypatch.chdir(project / "docs")
    monkeypatch.setenv("PYTHONPATH", str(project / "src"))
    return project


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["replace-example", *words])
    return replacement.main()


def left(project: Path) -> list[str]:
    return [name for name in EXAMPLES if (project / name).exists()]


def choices(project: Path) -> list[str]:
    return (project / "src/shop/conf/current.yaml").read_text("utf-8").splitlines()


def test_without_words_it_shows_what_is_the_examples_and_changes_nothing(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 0
    printed = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert printed[1:] == EXAMPLES
    assert left(shop) == EXAMPLES
    assert choices(shop) == ["- data=example", "- seed=3"]


def test_own_data_take_the_place_of_the_example(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "my.csv").touch()  # that it is not committed puts nothing at risk
    assert run(monkeypatch, "data.source=file", "data.path=my.csv") == 0
    assert left(shop) == []
    assert all((shop / name).exists() for name in OTHERS)
    assert choices(shop) == ["- seed=3", "- 'data.source=file'", "- 'data.path=my.csv'"]
    printed = capsys.readouterr().out
    assert f"deleted {len(EXAMPLES)} files of the example:" in printed
    assert "asks about your data now: docs/datasheet.md (open: the team, until " in printed
    assert "## Motivation" in (shop / "docs/datasheet.md").read_text("utf-8")


@pytest.mark.parametrize("words", [["--delete"], ["data.source=file", "data.path=other.csv"]])
def test_a_second_time_deletes_nothing(
    shop: Path,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(monkeypatch, "data.source=file", "data.path=my.csv")
    assert run(monkeypatch, *words) == 0
    assert run(monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "deleted 0 files of the example\n" in printed
    assert printed.endswith("Nothing of the example is left.\n")
    assert all((shop / name).exists() for name in OTHERS)


@pytest.mark.parametrize(
    "own",
    [
        "- seed=3\n- data.source=file\n- data.path=my.csv\n",
        "- experiment=photos\n- data.path=photos\n",
        "- data.source=warehouse\n",
    ],
)
def test_what_was_brought_in_before_is_kept(
    shop: Path, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = f"- data=example\n- experiment=example_small\n- evaluation=example\n{own}"
    (shop / "src/shop/conf/current.yaml").write_text(lines, "utf-8")
    assert run(monkeypatch, "--delete") == 0
    assert left(shop) == []
    assert choices(shop) == own.splitlines()


def spoil(shop: Path, how: str) -> None:
    if how == "an edited file":
        (shop / EXAMPLES[2]).write_text("mine", "utf-8")
    if how == "a new file":
        (shop / "docs/experiments/example_new.md").touch()
    if how == "an ignored file":
        (shop / ".git/info/exclude").write_text("example_new.md", "utf-8")
        (shop / "docs/experiments/example_new.md").touch()
    if how == "an edited text":
        (shop / "docs/datasheet.md").write_text("About the example's data, and more", "utf-8")
    if how == "no repository":
        (shop / ".git").rename(shop / "git")


@pytest.mark.parametrize(
    ("how", "words", "message"),
    [
        ("an edited file", "data.path=my.csv", "not committed as they stand: docs/evidence/exa"),
        ("a new file", "data.path=my.csv", "not committed as they stand: docs/experiments/exa"),
        ("an ignored file", "data.path=my.csv", "not committed as they stand: docs/experiments/ex"),
        ("an edited text", "data.path=my.csv", "not committed as they stand: docs/datasheet.md"),
        ("no repository", "data.path=my.csv", "git does not say what it holds: fatal: not a git"),
        ("", "data.path=gone.csv", "the data did not come in, and nothing was deleted"),
        ("", "data.target=churn", "expected data.path=..."),
        ("", "data.path=my.csv run=try", "a run with a name leaves the project's data as they are"),
        ("", "--delete", "the project's data are the example's, and nothing was deleted"),
        ("", "data.source=example data.path=b", "the project's data are the example's, and"),
        ("", "data.path=canvas8", "the project's data are the example's, and nothing was deleted"),
    ],
)
def test_what_could_lose_something_is_refused_and_deletes_nothing(
    how: str,
    words: str,
    message: str,
    shop: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(shop, how)
    assert run(monkeypatch, *words.split()) == 1
    assert f"replace-example: {message}" in capsys.readouterr().err.replace("run=...: ", "")
    assert left(shop) == EXAMPLES
    assert choices(shop)[:2] == ["- data=example", "- seed=3"]


def test_outside_of_a_project_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch) == 1
    assert "not inside a project (no dvc.yaml here or above)" in capsys.readouterr().err
