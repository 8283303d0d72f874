"""The health check of a container, asked of a server that answers as a service would."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from counterstep.http.probe import readiness


@contextmanager
def answering(status: int, words: bytes) -> Iterator[int]:
    """A server of which every question has this answer; gives its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


def test_a_service_that_is_ready_lacks_nothing() -> None:
    with answering(200, b"{}") as port:
        assert readiness(port) is None


def test_a_service_that_is_not_says_what_it_lacks() -> None:
    with answering(503, b'{"status":"not ready"}') as port:
        assert readiness(port) == '{"status":"not ready"}'


def test_a_port_where_nobody_answers_is_named() -> None:
    with answering(200, b"") as port:
        pass
    assert f"port {port} does not answer" in str(readiness(port))


@pytest.mark.parametrize(("status", "ends_with"), [(200, 0), (503, 1)])
def test_the_command_finds_the_port_in_the_settings_file(tmp_path: Path, status: int, ends_with: int) -> None:
    with answering(status, b"") as port:
        (tmp_path / "order.env").write_text(f"HTTP_PORT={port}\n")
        command = [sys.executable, "-m", "counterstep.http.probe"]
        environment = {"COUNTERSTEP_ENV_FILE": str(tmp_path / "order.env")}
        assert subprocess.run(command, env=environment, check=False).returncode == ends_with  # noqa: S603 - our own
