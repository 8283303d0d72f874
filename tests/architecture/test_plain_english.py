"""Prose is plain modern English: a list of phrases is kept out of the documents, docstrings and comments.

Each phrase was once used here, and made readers stop. The list gives its replacement. Code is not searched: text
between backticks, fenced blocks, identifiers, and the targets of links.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

CHECKOUT: Final = Path(__file__).parents[2]

PHRASES: Final = {
    r"anew": "again",
    r"whoever|whomever": "the noun: the caller, the consumer, the author",
    r"of ours|of theirs": "our, their",
    r"(?:is|are|was|were|be|been) told": "the verb of the event: receives, is set, is recorded",
    r"may have asked": "can resend",
    r"what waits|what is heard|what was said|what is said": "the noun: the message, the event, the text",
    r"who asks|who hears|who says": "the noun: the caller, the subscriber, the publisher",
    r"(?:says|say) and hears?": "publishes and consumes",
    r"heard by|said by|sent by": "consumed by, published by",
    r"hears? of": "receives, learns of",
    r"announc(?:e|es|ed|ing)": "publish",
    r"stands? in(?: for)?": "replaces; is in",
    r"in (?:its|their|his) stead": "instead",
    r"beside (?:that|this|what|any)\b": "besides",
    r"beside it stands?": "next to it is",
    r"mend(?:s|ed|ing)?": "fix",
    r"cures?": "fix, remedy",
    r"so (?:long|many|much)(?! as| that)": "the figure, or that long, that many",
    r"as it (?:was|is) then|of then": "in the version of that time",
    r"call(?:s|ed|ing)?(?: \w+){0,2} back": "cancel",
    r"turn(?:s|ed|ing)?(?: \w+){0,2} back": "abort, roll back",
    r"takes? (?:it|them|its \w+) back": "delete, cancel, compensate",
    r"patience": "timeout",
    r"nudg(?:e|es|ed|ing)": "resend",
    r"clash(?:es|ed)?": "conflict",
    r"rungs?|(?:retry|broker's) ladder|climbs?": "retry tier",
    r"unreadable": "undecodable",
    r"reviv(?:e|es|ed|ing)": "replay, redrive",
    r"strays?": "orphaned processes",
    r"lets? in": "admit",
    r"burns?|burnt": "use up",
    r"for ever": "without a limit, forever",
    r"in vain": "without an answer",
    r"all the same": "anyway, nevertheless",
    r"comes? along": "is included",
    r"falls? away": "is ignored",
    r"go(?:es)? on (?:by itself|asking|with)|went on": "continue",
    r"says? so": "says what: warns, reports the error",
    r"meanwhile": "in the meantime, or say when",
    r"wherever": "if, in every place where",
    r"needs? a hand": "needs a person",
    r"is not there any more|no more is there|nowhere left": "no longer exists",
    r"most(?:ly)? dear|dearer|dear (?:order|ones?)": "expensive, large",
    r"thereof|therein|thereupon|hereby": "of it, in it, then",
    r"makes it right": "why it is correct",
    r"upon": "on",
    r"once more": "again",
    r"asked for": "sent, requested",
}
FORBIDDEN: Final = {re.compile(rf"\b(?:{phrase})\b", re.IGNORECASE): say for phrase, say in PHRASES.items()}

CODE: Final = re.compile(
    r"^ *```.*?^ *```|``?[^`\n]+`?`|(?<=\]\()[^)]*(?=\))|https?://\S+", re.MULTILINE | re.DOTALL
)
"""What a document contains besides prose: fenced blocks, inline code, the targets of links, addresses."""

DOCUMENTS: Final = [
    *(CHECKOUT / page for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile")),
    *sorted({*(CHECKOUT / "docs").rglob("*.md")} - {CHECKOUT / "docs" / "api" / "platform.md"}),
    *sorted((CHECKOUT / "templates").rglob("*.md.jinja")),
    *(page for folder in ("examples", "infra", "libs") for page in sorted((CHECKOUT / folder).rglob("README.md"))),
]
"""Not the page that is made from the platform's docstrings: these are searched in the code."""
CLEAN: Final = (
    "contracts",
    "examples",
    "libs/counterstep",
    "services/console",
    "services/inventory",
    "services/orchestrator",
    "services/order",
    "services/payment",
    "infra",
    "tests",
)
"""Folders whose docstrings and comments are searched. A folder is added when it is clean, and stays."""

SOURCES: Final = sorted(path for folder in CLEAN for path in (CHECKOUT / folder).rglob("*.py"))


def found(prose: str) -> list[str]:
    """Each forbidden phrase in the text, with what to say instead."""
    flat = re.sub(r"\s+", " ", CODE.sub(" ` ", prose))
    return [f"{hit[0]!r}: say {say}" for phrase, say in FORBIDDEN.items() for hit in phrase.finditer(flat)]


def prose_of(source: str) -> Iterator[str]:
    """A module's docstrings, including those below a constant, and its comments."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def name(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_document_is_written_in_plain_english(document: Path) -> None:
    assert found(document.read_text()) == []


@pytest.mark.parametrize("module", SOURCES, ids=name)
def test_docstrings_and_comments_are_written_in_plain_english(module: Path) -> None:
    assert [hit for text in prose_of(module.read_text()) for hit in found(text)] == []


@pytest.mark.parametrize(
    "text",
    ["The plan is made anew.", "A reply is\ntold later.", "`anew` is code; mend it.", "# Whoever reads this"],
)
def test_a_forbidden_phrase_is_found(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize("text", ["`anew`", "[a page](anew.md)", "```sh\nmend\n```", "It renews the amendment."])
def test_code_and_longer_words_are_no_phrases(text: str) -> None:
    assert found(text) == []
