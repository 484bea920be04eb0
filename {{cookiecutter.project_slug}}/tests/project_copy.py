"""A real copy of this project in a folder of its own, with caches of its own, to run and break."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import small_data
from import_graph import PACKAGE, PROJECT, stages
from kit_facts import QUICK
from omegaconf import OmegaConf

INJECTED = Path(__file__).parent / "pipeline" / "injected"
PARTS = ("src", "dvc.yaml", "pyproject.toml", ".dvcignore", ".gitignore", ".dvc/config")
PARTS += ("docs/model_card.yaml", "records/README.md")
PARTS_OF_KITS = ("contracts",)
SHORT = ["trainer.max_epochs=2", "baselines.trials=1", "tracking.enabled=false", *QUICK]
FOREIGN = ("GIT_", "MLFLOW_", "DVC_", "HYDRA_", "UV_", "PYTHON", "LOCAL_RANK")
Started = subprocess.Popen[bytes]
OUTPUTS = sorted(name for stage in stages().values() for name in stage.outputs)
PATIENCE = 120  # seconds for one command, on a busy machine


@dataclass(frozen=True)
class ProjectCopy:
    """The copy lies in ``folder``; ``beside`` is for what is none of the project's."""

    folder: Path
    beside: Path

    @property
    def conf(self) -> Path:
        """The copy's own conf/."""
        return self.folder / "src" / PACKAGE / "conf"

    @property
    def environment(self) -> dict[str, str]:
        """The tester's, without settings that would reach into the copy."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
        places = {name: str(self.beside / name) for name in ("INJECTED", "DVC_SITE_CACHE_DIR")}
        settings = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": os.pathsep.join([str(INJECTED), str(self.folder / "src")]),
            "GIT_CONFIG_GLOBAL": str(self.beside / "gitconfig"),
            "DVC_GLOBAL_CONFIG_DIR": str(self.beside),
            "DVC_SYSTEM_CONFIG_DIR": str(self.beside),
            "DVC_NO_ANALYTICS": "1",
            "PYTHONUTF8": "1",
        }
        return kept | places | settings

    def start(self, *words: str, where: str = ".", log: Path | None = None) -> Started:
        """Start a module of Python in a process group of its own; it prints to ``log``."""
        with (log or Path(os.devnull)).open("w", encoding="utf-8") as stream:
            return subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=self.folder / where,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, *words: str, where: str = ".") -> str:
        """Run a module of Python to its good end; return what it printed."""
        log = self.beside / "log"
        process = self.start(*words, where=where, log=log)
        try:
            status = process.wait(PATIENCE)
        finally:
            process.kill()  # if it hangs; an ended one is left alone
            process.wait()
        printed = log.read_text("utf-8")
        assert status == 0, f"{words}: {status}\n{printed}"
        return printed

    def verb(self, name: str, *words: str, where: str = ".") -> str:
        """Run a command of the project by hand."""
        return self.run(f"{PACKAGE}.{name}", *words, where=where)

    def repro(self, *words: str) -> set[str]:
        """Run the pipeline; return the stages that ran."""
        return set(
            re.findall("^Running stage '(.*)':$", self.run("dvc", "repro", *words), re.MULTILINE)
        )

    def status(self) -> dict[str, Any]:
        """What is out of date, by stage."""
        lines = self.run("dvc", "status", "--json").splitlines()
        return cast(dict[str, Any], json.loads(lines[-1]))

    def outputs(self) -> dict[str, str | None]:
        """A hash of every output of the pipeline; None where there is none."""
        return {name: digest(self.folder / name) for name in OUTPUTS}

    def copy(self, folder: Path) -> "ProjectCopy":
        """Another copy with everything that this one holds."""
        copy = ProjectCopy(folder / "project", folder / "beside")
        shutil.copytree(self.folder, copy.folder)
        shutil.copytree(self.beside, copy.beside, ignore=shutil.ignore_patterns("INJECTED"))
        (copy.beside / "INJECTED").mkdir()
        return copy


def new_copy(folder: Path) -> ProjectCopy:
    """Copy the sources of this project, and make a small configuration the current one."""
    copy = ProjectCopy(folder / "project", folder / "beside")
    (copy.beside / "INJECTED").mkdir(parents=True)
    (copy.beside / "gitconfig").touch()
    ignored = shutil.ignore_patterns("__pycache__")
    for part in (*PARTS, *(part for part in PARTS_OF_KITS if (PROJECT / part).exists())):
        source, target = PROJECT / part, copy.folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copyfile(source, target)
    (copy.conf / "current.yaml").write_text("[]\n", "utf-8")
    _bring_data(copy)
    subprocess.run(["git", "init", "-q"], cwd=copy.folder, env=copy.environment, check=True)
    copy.verb("choices.use", *SHORT)
    return copy


def _bring_data(copy: ProjectCopy) -> None:
    """Write data that no project needs to keep, and name them where conf/ has the usual ones."""
    for name in ("source", "other"):
        small_data.write_many(copy.folder / name)
    file = copy.conf / "data" / "default.yaml"
    content = OmegaConf.load(file)
    content.merge_with({"source": small_data.SOURCE, "path": "source"})
    OmegaConf.save(content, file)


def digest(path: Path) -> str | None:
    """A hash of the names and the contents below ``path``; None if there is nothing."""
    if not path.exists():
        return None
    files = sorted(file for file in (path, *path.rglob("*")) if file.is_file())
    total = hashlib.sha256()
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(path).as_posix()} {content}\n".encode())
    return total.hexdigest()
