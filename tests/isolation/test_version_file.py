"""Version file: every command is on record, so that it may arrive in any order (lost update).

The record is the inbox: an undo that overtakes its action takes the action's place as well.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import permutations

from counterstep.protocol.barrier import EffectKey, deduplicate
from counterstep.protocol.messages import FallibleCommand, Reply
from orchestrator.sagas.place_order import authorize_payment, void_payment
from proof.wrong import no_tombstone, nothing_is_known

from isolation.books import books
from isolation.sale import PRICE, order

Deduplicate = Callable[[EffectKey, Mapping[EffectKey, Reply], Callable[[], Reply]], dict[EffectKey, Reply]]

PLACED = order(1)
DO = EffectKey(PLACED.order_id, "authorize_payment", "forward")
UNDO = DO._replace(direction="compensation")
COMMANDS: Mapping[EffectKey, FallibleCommand] = {DO: authorize_payment(PLACED), UNDO: void_payment(PLACED)}


def _left_after(arriving: Sequence[EffectKey], deduplicating: Deduplicate = deduplicate) -> tuple[int, int]:
    """What is available and held once these have arrived, in this order."""
    kept = books(money=PRICE, lamps=0)
    known: dict[EffectKey, Reply] = {}
    for key in arriving:
        known |= deduplicating(key, known, partial(kept.answer, COMMANDS[key]))
    return kept.account.available, kept.account.held


def test_what_is_undone_holds_nothing_in_whatever_order_and_however_often_it_arrives() -> None:
    assert {_left_after(arriving) for arriving in permutations([DO, DO, UNDO, UNDO])} == {(PRICE, 0)}


def test_without_it_money_is_held_for_ever_where_the_undo_comes_first() -> None:
    assert _left_after([DO, UNDO], no_tombstone) == (PRICE, 0)
    assert _left_after([UNDO, DO], no_tombstone) == (0, PRICE)


def test_without_any_record_an_action_that_comes_again_is_still_refused_by_the_authorization_s_own_row() -> None:
    assert _left_after([DO, UNDO, DO], nothing_is_known) == (PRICE, 0)
