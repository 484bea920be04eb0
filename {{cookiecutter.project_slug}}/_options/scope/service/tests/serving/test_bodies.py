"""Clients that are slow, leave, or say something else than they do."""

import socket
import time
from pathlib import Path

import pytest
from served import PATIENCE, Client, serving


def talk(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send ``parts`` with a pause after each, and return what comes back until the end."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        received = b""
        while b"\r\n\r\n" not in received or b"}" not in received:
            more = connection.recv(65536)
            if not more:
                break
            received += more
        return received


def head(length: int | str, *more: str) -> bytes:
    lines = ["POST /predict HTTP/1.1", "Host: here", "Content-Type: application/json", *more]
    lines += [f"Content-Length: {length}"] if length != "" else []
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.slow
def test_a_body_that_does_not_arrive_is_given_up(model: Path) -> None:
    with serving(model, "seconds=0.2") as client:
        answer = talk(client.port, head(100), b"{")
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"did not arrive within 0.2 s (seconds)" in answer
        assert client.get("/ready").status == 200


def test_a_body_that_is_said_to_be_too_large_is_not_read(client: Client) -> None:
    answer = talk(client.port, head(10**10))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"a body of 10,000,000,000 bytes: expected at most 16 MiB (body_mib)" in answer


def test_one_that_turns_out_too_large_is_given_up(model: Path) -> None:
    with serving(model, "body_mib=0.0625") as client:
        chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
        answer = talk(client.port, head("", "Transfer-Encoding: chunked"), chunk, chunk, chunk)
        assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("sent", [b"", b"{", b'{"rows": ['])
def test_who_leaves_in_the_middle_harms_nobody(sent: bytes, client: Client) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", client.port), timeout=PATIENCE) as connection:
            connection.sendall(head(1000) + sent)
    assert client.get("/ready").status == 200


def test_what_is_no_http_is_refused(client: Client) -> None:
    assert talk(client.port, b"\x16\x03\x01 hello\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert client.get("/ready").status == 200
