"""mypy refuses a wrong saga or handler, before anything runs."""

from pathlib import Path

import pytest
from counterstep.messaging.outbox.transaction import Transaction
from mypy import api

HIDDEN = ("sql", "query", "write", "flush", "send", "after_commit", "finish", "close", "committed")
"""Members of the platform's transaction, which authors never see."""

ROOT = Path(__file__).parents[2]

SAGA = """
from contracts.order import ApproveOrder, OrderPlaced
from contracts.inventory import ReserveStock
from orchestrator.sagas.place_order import authorize_payment, release_stock, reject_order, reserve_stock
from counterstep.saga import Saga, parallel, step

def from_elsewhere(order: ApproveOrder) -> ReserveStock:
    return ReserveStock(order_id=order.order_id, lines=())
"""

HANDLER = """
from contracts.payment import AuthorizePayment, PaymentDeclined, PaymentVoided, VoidPayment
from contracts.topology import SHOP
from counterstep import Participant

payment = Participant("payment", SHOP)
"""

REFUSED = {
    "a step that can refuse, after the pivot": (
        SAGA,
        """
Saga(
    name="x", version=1, starts_on=OrderPlaced, key=str, undo=reject_order, compensatable=(),
    pivot=authorize_payment, retriable=(reserve_stock,),
)
""",
        'Argument "retriable" to "Saga"',
    ),
    "a parallel step after the pivot that can refuse": (
        SAGA,
        "parallel(release_stock, reserve_stock)",
        'Argument 2 to "parallel" has incompatible type',
    ),
    "a compensation that can refuse": (
        SAGA,
        "step(reserve_stock, undo=authorize_payment)",
        'Argument "undo" to "step"',
    ),
    "a step that starts from another event": (
        SAGA,
        """
Saga(
    name="x", version=1, starts_on=OrderPlaced, key=str, undo=reject_order,
    compensatable=(step(from_elsewhere, undo=release_stock),), pivot=authorize_payment, retriable=(),
)
""",
        'Cannot infer value of type parameter "Start" of "Saga"',
    ),
    "a past version that is published": (
        "",
        """
from contracts.past.order import OrderPlaced
from counterstep.http import OpenTransaction

def publish(transaction: OpenTransaction, order: OrderPlaced) -> None:
    transaction.publish(order, saga_id=order.order_id)
""",
        'Argument 1 to "publish" of "Transaction" has incompatible type',
    ),
    "a compensation's handler that refuses": (
        HANDLER,
        """
@payment.handles(VoidPayment)
def void() -> PaymentVoided | PaymentDeclined:
    return PaymentVoided()
""",
        "Argument 1 has incompatible type",
    ),
    "a refusal with a code that its contract does not declare": (
        HANDLER,
        """
@payment.handles(AuthorizePayment)
def authorize(command: AuthorizePayment) -> PaymentDeclined:
    return PaymentDeclined(code="out_of_patience", reason="no")
""",
        'Argument "code" to "PaymentDeclined" has incompatible type "str"; expected "PaymentDeclinedCode"',
    ),
    "a handler that gives another command's answer": (
        HANDLER,
        """
@payment.handles(AuthorizePayment)
def authorize(command: AuthorizePayment) -> PaymentVoided:
    return PaymentVoided()
""",
        "Argument 1 has incompatible type",
    ),
}


def checked(code: str, folder: Path) -> tuple[str, int]:
    """What mypy says of this code, and its exit code."""
    file = folder / "said.py"
    file.write_text(code)
    out, errors, exit_code = api.run(["--config-file", str(ROOT / "pyproject.toml"), str(file)])
    return out + errors, exit_code


@pytest.mark.parametrize(("given", "wrong", "error"), REFUSED.values(), ids=REFUSED)
def test_mypy_refuses(given: str, wrong: str, error: str, tmp_path: Path) -> None:
    out, exit_code = checked(given + wrong, tmp_path)
    assert (exit_code, out.count("error:")) == (1, 1), out
    assert error in out


@pytest.mark.parametrize("given", [SAGA, HANDLER], ids=["saga", "handler"])
def test_mypy_takes_what_they_are_made_of(given: str, tmp_path: Path) -> None:
    out, exit_code = checked(given, tmp_path)
    assert exit_code == 0, out


def test_an_author_sees_six_members_of_a_transaction(tmp_path: Path) -> None:
    shown = {name for name in vars(Transaction) if not name.startswith("_")}
    assert shown == {"session", "insert", "upsert", "publish", "complete", "commit"}
    code = "from counterstep.http import OpenTransaction\n\ndef peep(tx: OpenTransaction) -> None:\n"
    out, _ = checked(code + "".join(f"    tx.{member}\n" for member in HIDDEN), tmp_path)
    refused = [member for member in HIDDEN if f'"Transaction" has no attribute "{member}"' in out]
    assert refused == list(HIDDEN), out
