"""Lay the chosen options over the project, then start its history as far as the machine allows."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

ANSWERS = json.loads({{cookiecutter | jsonify | jsonify}})
OPTIONS, LAYING = Path("_options"), Path("_laying")

# Cookiecutter copies the overlays as they are: to render all of them took a quarter of its time.
COPIED = ANSWERS["_copy_without_render"]
TEMPLATES = Environment(  # as cookiecutter makes its own
    loader=FileSystemLoader(LAYING), undefined=StrictUndefined, keep_trailing_newline=True
)

GIT_INIT = [["git", "init", "--quiet", "--initial-branch=main"]]
UV_LOCK = [["uv", "lock", "--quiet"]]
# Without useConfigOnly git makes up an author from the host name.
COMMIT = ["git", "-c", "user.useConfigOnly=true", "commit", "--quiet", "--message"]
FIRST_COMMIT = [["git", "add", "--all"], [*COMMIT, "chore: generate the project"]]

# A git hook that called us would point git at its own repository.
GIT_POINTERS = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}
ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in GIT_POINTERS}
# Where there is no network, uv's own three retries would take ten seconds.
ENVIRONMENT.setdefault("UV_HTTP_RETRIES", "1")


def content(source):
    """Return a file of an overlay as cookiecutter would have written it, had it been asked."""
    written = source.read_bytes()
    if b"\0" in written or any(fnmatch(source, pattern) for pattern in COPIED):
        return written
    template = TEMPLATES.get_template(source.relative_to(LAYING).as_posix())
    return template.render(cookiecutter=ANSWERS).encode()


def lay(source, target):
    """Write a file of an overlay; the content of NAME.append goes to the end of NAME instead."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_relative_to(OPTIONS):  # an overlay of an overlay: not its turn yet
        source.replace(target)
    elif target.suffix == ".append":
        with target.with_suffix("").open("ab") as base:
            base.write(content(source))
    else:
        target.write_bytes(content(source))
        shutil.copymode(source, target)


def lay_options():
    # An overlay may hold an _options folder itself, for what depends on two answers.
    while OPTIONS.is_dir():
        OPTIONS.rename(LAYING)
        for question in sorted(path.name for path in LAYING.iterdir()):
            overlay = LAYING / question / ANSWERS[question]
            for source in filter(Path.is_file, sorted(overlay.rglob("*"))):
                name = TEMPLATES.from_string(source.relative_to(overlay).as_posix())
                lay(source, Path(name.render(cookiecutter=ANSWERS)))
        shutil.rmtree(LAYING)


def run(command, seconds):
    # uv names itself in UV to what it starts, and is not always on PATH then.
    program = shutil.which(command[0]) or (os.environ.get("UV") if command[0] == "uv" else None)
    if program is None:
        raise OSError(f"{command[0]} is not on PATH")
    subprocess.run(
        [program, *command[1:]],
        check=True,
        capture_output=True,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        timeout=seconds,
    )


def attempt(what, commands, seconds):
    """Do it, or say why not: if the hook failed, cookiecutter would delete the project."""
    try:
        for command in commands:
            run(command, seconds)
    except subprocess.TimeoutExpired:
        reason = f"no end after {seconds} s"
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").split("\n")
        reason = next(filter(None, map(str.strip, reversed(lines))), "it failed")
    except OSError as error:
        reason = error
    else:
        return
    joined = subprocess.list2cmdline if os.name == "nt" else shlex.join  # quotes of cmd
    later = " && ".join(map(joined, commands))
    print(f"skipped {what}: {reason}. Later: {later}")


# uv draws lines that a Windows console may lack, and an error here would delete the project.
sys.stdout.reconfigure(errors="replace")
lay_options()
attempt("the lock file", UV_LOCK, 180)
if not Path(".git").exists():  # else the user generates over a project that has a history
    attempt("the git repository", GIT_INIT, 30)
    if Path(".git").exists():  # else git would commit to a repository around this folder
        attempt("the first commit", FIRST_COMMIT, 60)
print(f"Next: cd {ANSWERS['project_slug']}, then: uv run dvc repro")
