"""The supervisor's configuration, rendered from the parts."""

import shlex
from collections.abc import Iterable, Mapping
from configparser import RawConfigParser
from io import StringIO

from infra.components.process_spec import ProcessSpec, StartOrder
from infra.machine.home import Home

STOP_WITHIN = 30  # seconds; then a part is killed
LOG_BYTES = "5MB"
LOG_BACKUPS = "2"


def render(home: Home, parts: Iterable[ProcessSpec]) -> str:
    """Write the configuration of a supervisor that starts nothing without a command."""
    parts = tuple(parts)
    configuration = RawConfigParser()
    configuration.read_dict(
        {
            "unix_http_server": {"file": _plain(home.alias.of(home.socket)), "chmod": "0700"},
            "rpcinterface:supervisor": {
                "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
            },
            "supervisord": {
                "logfile": _plain(home.alias.of(home.log("supervisor"))),
                "pidfile": _plain(home.alias.of(home.path / "supervisord.pid")),
                "directory": _plain(home.alias.of(home.path)),
                "nocleanup": "true",
            },
            **{f"program:{part.name}": _program(home, part) for part in parts},
            **{
                f"group:{order.name.lower()}": _group(order, parts)
                for order in StartOrder
                if order is not StartOrder.REPLICAS
            },
        }
    )
    text = StringIO()
    configuration.write(text)
    return text.getvalue()


def _program(home: Home, part: ProcessSpec) -> dict[str, str]:
    program = {
        "command": _plain(shlex.join(map(home.alias.of, part.command))),
        "directory": _plain(home.alias.of(part.directory)),
        "environment": _environment(home, part.environment),
        # Of a replica, which is a group by itself, because only whole groups come and go.
        "priority": str(part.start_order.value),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": "1",
        "startretries": "30",
        "stopsignal": part.stop_signal,
        "stopwaitsecs": str(STOP_WITHIN),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _plain(home.alias.of(home.log(part.name))),
        "stdout_logfile_maxbytes": LOG_BYTES,
        "stdout_logfile_backups": LOG_BACKUPS,
    }
    return program | ({"user": part.user} if part.user else {})


def _group(order: StartOrder, parts: Iterable[ProcessSpec]) -> dict[str, str]:
    members = (part.name for part in parts if part.start_order is order)
    return {"programs": ",".join(members), "priority": str(order.value)}


def _environment(home: Home, environment: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{_plain(home.alias.of(value))}"' for name, value in environment.items())


def _plain(value: object) -> str:
    """Supervisor expands what follows a percent sign; two of them are one."""
    return str(value).replace("%", "%%")
