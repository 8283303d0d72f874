from pathlib import Path

from infra.components.service import Service
from infra.machine.home import Home


def test_a_services_settings_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    service = Service("payment", 8003, Home(tmp_path))
    service.configure(service.variables(database_url="postgresql://…", amqp_url="amqp://…", more={}))
    assert service.env_file.stat().st_mode & 0o777 == 0o600


def test_a_service_is_told_where_traces_go_when_somebody_says_so(tmp_path: Path) -> None:
    service = Service("payment", 8003, Home(tmp_path))
    traces = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
    service.configure(service.variables(database_url="", amqp_url="", more=traces))
    assert "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318\n" in service.env_file.read_text()
