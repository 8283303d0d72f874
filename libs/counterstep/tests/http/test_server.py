"""A service that cannot listen on its port reports it in one line."""

import socket
from pathlib import Path

import pytest
from counterstep.http.settings import ServiceSettings
from counterstep.messaging.participant.participant import Participant
from counterstep.service.serving import serve
from counterstep.service.testing import offline_settings
from fastapi import APIRouter
from travel.topology import TRAVEL


def at(port: int) -> ServiceSettings:
    return offline_settings().model_copy(update={"http_port": port})


def test_a_taken_port_is_named_with_the_variable_that_moves_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"cannot listen on 127\.0\.0\.1:{port} .*HTTP_PORT"):
            serve(Participant("hotel", TRAVEL), APIRouter(), at(port))


def test_a_missing_certificate_is_reported_with_the_variables_that_name_it(tmp_path: Path) -> None:
    settings = at(0).model_copy(update={"http_tls_certificate": tmp_path / "none.pem"})
    with pytest.raises(SystemExit, match="HTTP_TLS_CERTIFICATE, HTTP_TLS_KEY: No such file"):
        serve(Participant("hotel", TRAVEL), APIRouter(), settings)


def test_a_file_that_is_no_certificate_is_reported(tmp_path: Path) -> None:
    (tmp_path / "wrong.pem").write_text("not a certificate")
    settings = at(0).model_copy(update={"http_tls_certificate": tmp_path / "wrong.pem"})
    with pytest.raises(SystemExit, match="HTTP_TLS_CERTIFICATE, HTTP_TLS_KEY: "):
        serve(Participant("hotel", TRAVEL), APIRouter(), settings)
