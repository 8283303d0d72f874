"""What the documents tell their reader to type is there: commands and their options, make's targets, API calls."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import typer
from chassis.app import application
from chassis.testing import offline_settings
from fastapi import APIRouter
from infra.cli import app
from inventory.api import router as of_inventory
from inventory.handlers import inventory
from messaging.batches import Consumer
from orchestrator.api import router as of_orchestrator
from orchestrator.handlers import Orchestrator
from orchestrator.sagas import SAGAS
from order.api import router as of_order
from order.handlers import order
from payment.api import router as of_payment
from payment.handlers import payment
from typer.core import TyperGroup

CHECKOUT = Path(__file__).parents[2]
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])
CODE = re.compile(r"```sh\n(.*?)```|`([^`\n]+)`", re.DOTALL)
SAGA = re.compile(r"(?:^|[ (])(?:\.venv/bin/)?saga ([a-z][a-z-]*(?!\w)[^|)#&>\n]*)")
MAKE = re.compile(r"(?:^|\n)(?:\w+=\S+ )*make ([a-z-]+)")
CALL = re.compile(r"^(GET|POST|PUT|DELETE) (?::\d+)?(/[^ ?]*)")
REMARK = re.compile(r"(^|\s)#.*", re.MULTILINE)
PARAMETER = re.compile(r"\{\w+\}")
SERVICES: list[tuple[Consumer, APIRouter]] = [
    (order, of_order),
    (inventory, of_inventory),
    (payment, of_payment),
    (Orchestrator(SAGAS), of_orchestrator),
]


class Typed(NamedTuple):
    """A piece of code in a document."""

    document: str
    text: str


def _code() -> Iterator[Typed]:
    for document in DOCUMENTS:
        for block, span in CODE.findall(document.read_text()):
            yield Typed(str(document.relative_to(CHECKOUT)), REMARK.sub("", block or span).replace("\\\n", " "))


def _found(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    return sorted({(code.document, found.strip()) for code in _code() for found in pattern.findall(code.text)})


@pytest.mark.parametrize(("document", "typed"), _found(SAGA))
def test_a_saga_command_is_there_with_its_options(document: str, typed: str) -> None:
    command = typer.main.get_command(app)
    words = typed.split()
    while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
        assert words[0] in command.commands, document
        command = command.commands[words.pop(0)]
    known = {"--help", *(option for parameter in command.params for option in parameter.opts)}
    assert {word.partition("=")[0] for word in words if word.startswith("-")} <= known, document


@pytest.mark.parametrize(("document", "target"), _found(MAKE))
def test_a_target_of_make_is_there(document: str, target: str) -> None:
    assert re.search(rf"^{target}:", (CHECKOUT / "Makefile").read_text(), re.MULTILINE), document


def test_a_call_of_an_api_is_answered_by_a_service() -> None:
    answered = {
        (method.upper(), PARAMETER.sub("{}", path))
        for consumer, router in SERVICES
        for path, methods in application(consumer, router, offline_settings()).openapi()["paths"].items()
        for method in methods
    }
    asked = {
        (found[1], PARAMETER.sub("{}", found[2]), code.document)
        for code in _code()
        if (found := CALL.match(code.text))
    }
    assert asked
    assert {call for call in asked if call[:2] not in answered} == set()
