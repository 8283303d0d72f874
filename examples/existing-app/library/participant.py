"""The new part: what `lending` answers to the commands of a saga."""

from counterstep import Participant, Topology

from library import contracts
from library.books import Book
from library.contracts.lending import (
    BookLent,
    BookTakenBack,
    BookUnavailable,
    BookUnavailableCode,
    LendBook,
    TakeBackBook,
)

LIBRARY = Topology("library", contracts, participants=("lending",))

lending = Participant("lending", LIBRARY)


@lending.handles(LendBook)
def lend(command: LendBook, book: Book | None) -> BookLent | BookUnavailable:
    """Lend the book, unless another member has it."""
    if book is None:
        return BookUnavailable(code=BookUnavailableCode.UNKNOWN_BOOK, reason=f"there is no book {command.isbn}")
    if book.member is not None:
        return BookUnavailable(code=BookUnavailableCode.LENT_ALREADY, reason=f"{book.title} is lent already")
    book.member = command.member
    return BookLent()


@lending.handles(TakeBackBook)
def take_back(book: Book | None) -> BookTakenBack:
    """Put the book back on its shelf."""
    if book:
        book.member = None
    return BookTakenBack()
