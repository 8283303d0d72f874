"""Where traces go, for the tests of the query API and of the sink."""

import asyncio
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
import uvicorn
from infra.components.traces import Traces
from infra.machine.home import Home
from infra.machine.loopback import DIRECTLY, LOOPBACK
from infra.machine.ports import Ports
from infra.machine.waiting import until_ready
from infra.trace_sink.app import application
from infra.trace_sink.settings import TraceSinkSettings
from port_lock import taking_ports

CONSOLE_URL = "http://console.example"


@pytest.fixture(scope="session")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traces]:
    """The launcher's own part, running: Jaeger where JAEGER_BIN names one, else the sink."""
    with ExitStack() as at_end:
        with taking_ports():
            found = Traces(Home(tmp_path_factory.mktemp("traces")), Ports.free(), os.environ)
            part = found.part()
            environment = {"PATH": os.environ["PATH"], **part.environment}
            process = at_end.enter_context(
                subprocess.Popen(part.command, env=environment, cwd=part.directory)  # noqa: S603 - as above
            )
            at_end.callback(process.terminate)
            asyncio.run(until_ready(part.missing, within=60))
        yield found


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[httpx2.Client]:
    """The sink alone, in a thread of the test, with a store of its own."""
    app = application(TraceSinkSettings(traces_file=tmp_path / "traces" / "spans.sqlite", console_url=CONSOLE_URL))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    with socket.create_server((LOOPBACK, 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        with httpx2.Client(base_url=url, timeout=30, **DIRECTLY) as client:
            yield client
        server.should_exit = True
        thread.join()
