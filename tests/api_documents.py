"""What is committed in `docs/api`: each service's OpenAPI and AsyncAPI document, and the platform's public names.

python -m api_documents            fails where a document is not what the code says
python -m api_documents --write    writes them again
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from contracts.topology import SHOP
from counterstep.http.asyncapi import described
from counterstep.messaging.consumer.consuming import Consumer
from counterstep.orchestration.api import router as orchestrator_api
from counterstep.orchestration.orchestrator import Orchestrator
from counterstep.service.application import application
from counterstep.service.testing import offline_settings
from fastapi import APIRouter
from infra.machine.checkout import CHECKOUT
from inventory.api import router as inventory_api
from inventory.handlers import inventory
from orchestrator.sagas import SAGAS
from order.api import router as order_api
from order.handlers import order
from payment.api import router as payment_api
from payment.handlers import payment
from platform_page import platform_page

FOLDER: Final = CHECKOUT / "docs" / "api"
SERVICES: Final[tuple[tuple[Consumer, APIRouter], ...]] = (
    (order, order_api),
    (inventory, inventory_api),
    (payment, payment_api),
    (Orchestrator(SAGAS, SHOP), orchestrator_api),
)


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each document, by its file's name."""
    for consumer, router in SERVICES:
        yield f"{consumer.name}.openapi.yaml", application(consumer, router, offline_settings()).openapi()
        yield f"{consumer.name}.asyncapi.yaml", described(SHOP, consumer.name)


def texts() -> dict[str, str]:
    """What each file should hold."""
    return {"platform.md": platform_page(), **{name: _text(document) for name, document in documents()}}


def problems(current: Mapping[str, str], folder: Path) -> Iterator[str]:
    """The files of `folder` that differ from `current`."""
    for name in sorted(current.keys() | {file.name for file in folder.glob("*.yaml")}):
        file = folder / name
        if name not in current:
            yield f"{file} is of no service: delete it"
        elif not file.exists() or file.read_text() != current[name]:
            yield f"{file} is not what the code says: `make apis` writes it again"


def main() -> None:
    """Check, or write; exit with what is wrong."""
    parser = argparse.ArgumentParser(description="Check the committed API documents against the services.")
    parser.add_argument("--write", action="store_true", help="write them again first")
    current = texts()
    if parser.parse_args().write:
        for name, text in current.items():
            (FOLDER / name).write_text(text)
    if found := list(problems(current, FOLDER)):
        raise SystemExit("\n".join(found))


def _text(document: dict[str, Any]) -> str:
    as_readers_get_it = json.loads(json.dumps(document))  # without YAML's anchors for what is one object here
    return yaml.safe_dump(as_readers_get_it, sort_keys=False, allow_unicode=True, width=115)


if __name__ == "__main__":
    main()
