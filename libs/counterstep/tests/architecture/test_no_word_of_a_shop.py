"""The platform knows no shop: none of its words is an identifier or part of a string of the platform."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import counterstep
import pytest

SOURCE: Final = Path(counterstep.__file__).parent

SHOP: Final = frozenset(
    {
        *("basket", "cart", "currency", "eur", "euro", "inventory", "lamp", "lamps", "order", "orders", "payment"),
        *("payments", "price", "review", "reviews", "reviewed", "reviewer", "shop", "sku", "stock", "voucher"),
    }
)
"""Words of the shop."""

SEQUENCE: Final = re.compile(
    r"ORDER BY"  # SQL
    r"|order_by"  # SQLAlchemy
    r"|in_order"
    r"|\bin (?:[\w']+ ){0,3}order\b"  # in order, in the same order, in whatever order
    r"|\b(?:the|their) order (?:is|of|in|given)\b"
)
"""Where `order` is a sequence."""


def words(text: str) -> Iterator[str]:
    """The words of an identifier or a string, in lower case: the same of `OrderPlaced` and of `order placed`."""
    yield from (word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", SEQUENCE.sub(" ", text)))


def words_of(source: str) -> Iterator[tuple[int, str]]:
    """The line and text of each identifier and string; docstrings are strings, comments are not."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in {tokenize.NAME, tokenize.STRING}:
            yield token.start[0], " ".join(token.string.split())


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda file: str(file.relative_to(SOURCE)))
def test_no_module_contains_a_word_of_a_shop(file: Path) -> None:
    found = [f"line {line}: {text}" for line, text in words_of(file.read_text()) if SHOP & {*words(text)}]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text", ["OrderPlaced", "order_id", "an order's id", "payment.commands", "EUR", "reviewed_above", "a review"]
)
def test_a_word_of_a_shop_is_found_in_any_shape(text: str) -> None:
    assert SHOP & {*words(text)}


@pytest.mark.parametrize("text", ["ORDER BY id", "order_by", "each in its own order", "in order", "preview"])
def test_a_sequence_is_no_order_of_a_shop(text: str) -> None:
    assert not SHOP & {*words(text)}
