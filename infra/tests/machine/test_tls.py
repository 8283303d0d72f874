import ssl
from pathlib import Path

import pytest
from infra.components.postgres.programs import elsewhere
from infra.machine.certificates import issue
from infra.machine.home import Home
from infra.machine.tls import Tls


@pytest.fixture
def tls(tmp_path: Path) -> Tls:
    return Home(tmp_path).tls


def test_everything_speaks_in_the_clear_until_it_is_switched(tls: Tls) -> None:
    assert not tls.on
    assert tls.scheme("http") == "http"


def test_the_switch_is_remembered_by_the_home(tls: Tls, tmp_path: Path) -> None:
    tls.switch(on=True)
    assert Home(tmp_path).tls.scheme("amqp") == "amqps"
    Home(tmp_path).tls.switch(on=False)
    assert not tls.on


def test_each_listener_has_a_key_of_its_own(tls: Tls) -> None:
    tls.switch(on=True)
    issue(tls, ("order", "payment"))
    assert tls.certificate("order").read_text() != tls.certificate("payment").read_text()


def test_the_authority_s_key_is_nowhere(tls: Tls) -> None:
    tls.switch(on=True)
    issue(tls, ("order",))
    assert "PRIVATE KEY" not in tls.authority.read_text()
    assert {path.name for path in tls.folder.iterdir()} == {"authority.pem", "order.pem"}


def test_clients_check_certificates_and_names(tls: Tls) -> None:
    tls.switch(on=True)
    issue(tls, ("order",))
    context = tls.context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert len(context.get_ca_certs()) == 1


def test_a_postgresql_that_the_user_names_is_taken(tmp_path: Path) -> None:
    (tmp_path / "initdb").touch()
    assert elsewhere({"COUNTERSTEP_POSTGRES_BIN": str(tmp_path)}, tls=True) == tmp_path
