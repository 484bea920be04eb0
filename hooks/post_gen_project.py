"""Lay the chosen options over the project, then start its history as far as the machine allows."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ANSWERS = json.loads({{cookiecutter | jsonify | jsonify}})
OPTIONS, LAYING = Path("_options"), Path("_laying")

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


def lay(source, target):
    """Copy a file of an overlay; the content of NAME.append goes to the end of NAME instead."""
    later = Path(target).is_relative_to(OPTIONS)  # an overlay of an overlay: not its turn yet
    if source.endswith(".append") and not later:
        with open(target.removesuffix(".append"), "a", encoding="utf-8", newline="\n") as base:
            base.write(Path(source).read_text(encoding="utf-8"))
    else:
        shutil.copy2(source, target)


def lay_options():
    # An overlay may hold an _options folder itself, for what depends on two answers.
    while OPTIONS.is_dir():
        OPTIONS.rename(LAYING)
        for question in sorted(path.name for path in LAYING.iterdir()):
            overlay = LAYING / question / ANSWERS[question]
            if overlay.is_dir():
                shutil.copytree(overlay, ".", dirs_exist_ok=True, copy_function=lay)
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
