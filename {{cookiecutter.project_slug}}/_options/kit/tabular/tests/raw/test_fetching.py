"""A URL gives the file whose SHA-256 the user wrote down, or nothing."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.raw.fetching import fetch, is_url
from {{ cookiecutter.package_name }}.runtime.errors import UserError

CONTENT = b"a,b\n1,2\n" * 300_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves CONTENT; half of it below /half, and leads from /moved to it."""

    def do_GET(self) -> None:
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/moved"))
            self.end_headers()
            return
        if "data" not in self.path:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        half = self.path.startswith("/half")
        self.wfile.write(CONTENT[: len(CONTENT) // 2] if half else CONTENT)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(autouse=True)
def _without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def refusal(url: str, sha256: str | None, folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        fetch(url, sha256, folder / "download")
    assert not list(folder.glob("download/*"))
    return str(caught.value)


@pytest.mark.parametrize("path", ["data.csv", "moved/data.csv", "data.csv?version=2#x"])
def test_a_file_is_fetched_whole(path: str, server: str, tmp_path: Path) -> None:
    file = fetch(f"{server}/{path}", DIGEST, tmp_path / "download")
    assert file == tmp_path / "download" / "data.csv"
    assert file.read_bytes() == CONTENT
    assert list(file.parent.iterdir()) == [file]


def test_a_file_of_this_machine_is_fetched_too(tmp_path: Path) -> None:
    (tmp_path / "my data.csv").write_bytes(CONTENT)
    url = (tmp_path / "my data.csv").as_uri()
    file = fetch(url, f"sha256:{DIGEST.upper()} ", tmp_path / "download")
    assert (file.name, file.read_bytes()) == ("my_data.csv", CONTENT)
    assert "cannot be fetched" in refusal(url.replace("my", "your"), DIGEST, tmp_path / "other")


@pytest.mark.ml_test_score("mon-1")
def test_without_a_digest_nothing_is_fetched(tmp_path: Path) -> None:
    message = refusal("http://127.0.0.1:9/data.csv", None, tmp_path)
    assert "data.csv: expected the SHA-256" in message
    assert "`sha256sum FILE`" in message
    assert "is not 64 hexadecimal digits" in refusal("http://x/data.csv", "abc", tmp_path)


@pytest.mark.ml_test_score("mon-1")
def test_another_file_than_the_one_written_down_is_refused(server: str, tmp_path: Path) -> None:
    message = refusal(f"{server}/data.csv", "0" * 64, tmp_path)
    assert f"expected SHA-256 {'0' * 64}, found {DIGEST}" in message


def test_a_file_that_ends_early_is_refused(server: str, tmp_path: Path) -> None:
    assert "ended after" in refusal(f"{server}/half/data.csv", DIGEST, tmp_path)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://x/data.csv", "expected a URL that begins with http, https, file"),
        ("https://x/download", "the last part of the URL must tell the format"),
        ("https://x/a.xlsx", "Save the sheet as CSV"),
        ("https://x/..", "the last part of the URL must tell the format"),
        ("http://[/data.csv", "no URL"),
        ("http://127.0.0.1:9/data.csv", "cannot be fetched"),
        ("http://127.0.0.1:port/data.csv", "cannot be fetched"),
        ("SERVER/missing.csv", r"cannot be fetched \(.*Not Found\)"),
    ],
)
def test_what_cannot_be_fetched_gets_one_clear_error(
    url: str, message: str, server: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=message):
        fetch(url.replace("SERVER", server), DIGEST, tmp_path / "download")
    assert not list(tmp_path.glob("download/*"))


@pytest.mark.parametrize("path", ["data.csv", "/data/a.csv", "C:\\data\\a.csv", "C:/a.csv", "~/a"])
def test_a_path_is_no_url(path: str) -> None:
    assert not is_url(path)
    assert is_url("https://x/a.csv")
