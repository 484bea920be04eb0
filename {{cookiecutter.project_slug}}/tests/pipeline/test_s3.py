"""A server that speaks S3, on this machine, as the place where data and models are shared."""

import subprocess
import urllib.request
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from project_copy import ProjectCopy

missing = [name for name in ("moto", "dvc_s3") if find_spec(name) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(missing), reason=f"needs {' and '.join(missing)}: uv run --group remotes pytest"
    ),
]


class Account(ProjectCopy):
    """A copy whose owner has an account there, and no settings of AWS's own tools."""

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the tester's AWS, and whoever looks into ~/.aws fails."""
        kept = {k: v for k, v in super().environment.items() if not k.startswith("AWS_")}
        settings = self.beside / "home" / ".aws"
        settings.mkdir(parents=True, exist_ok=True)
        for name in ("config", "credentials"):
            (settings / name).write_text("[no end", "utf-8")
        home, nowhere = str(settings.parent), str(self.beside / "none")
        return kept | {
            "HOME": home,
            "USERPROFILE": home,
            "AWS_CONFIG_FILE": nowhere,
            "AWS_SHARED_CREDENTIALS_FILE": nowhere,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": "anything",
            "NO_PROXY": "127.0.0.1",
        }


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server with an empty bucket `shared`."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    moto = import_module("moto.server")  # which is not installed everywhere
    running = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    address = "http://{}:{}".format(*running.get_host_and_port())
    request = urllib.request.Request(f"{address}/shared", method="PUT")
    with urllib.request.urlopen(request):
        yield address
    running.stop()


def git(copy: ProjectCopy, *words: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    command = ["git", *identity, *words]
    subprocess.run(command, cwd=copy.folder, env=copy.environment, check=True)


@pytest.mark.full
def test_a_clone_pulls_from_s3_what_another_pushed_and_reproduces_its_metrics(
    finished: ProjectCopy, server: str, tmp_path: Path
) -> None:
    mine = Account(finished.folder, finished.beside)
    mine.run("dvc", "remote", "modify", "storage", "url", "s3://shared/project")
    mine.run("dvc", "remote", "modify", "storage", "endpointurl", server)
    git(mine, "add", "--all")
    git(mine, "commit", "-q", "-m", "a run")
    mine.run("dvc", "push")
    yours = Account(tmp_path / "a clone é", mine.beside)
    git(mine, "clone", "-q", str(mine.folder), str(yours.folder))
    yours.run("dvc", "pull")
    assert yours.outputs() == mine.outputs()
    assert yours.repro() == set()
    assert yours.repro("--force", "--single-item", "evaluate") == {"evaluate"}
    assert yours.outputs() == mine.outputs()  # every metric to the last bit
    assert not (mine.folder / ".dvc-remote").exists()  # where data go by default
