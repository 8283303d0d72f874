"""What `lending` publishes, the commands that it answers, and its answers."""

from typing import Never

from counterstep import Command, Refusal, RefusalCode, Reply, StartEvent


class LoanRequested(StartEvent):
    """A member requested a book."""

    isbn: str
    member: str


class BookLent(Reply):
    """The book is the member's until it comes back."""


class BookUnavailableCode(RefusalCode):
    """Why a book is not lent."""

    UNKNOWN_BOOK = "unknown_book"
    LENT_ALREADY = "lent_already"


class BookUnavailable(Refusal):
    """There is no such book, or another member has it."""

    code: BookUnavailableCode


class LendBook(Command[BookLent, BookUnavailable]):
    """Lend the book to the member."""

    isbn: str
    member: str


class BookTakenBack(Reply):
    """The book is on its shelf again."""


class TakeBackBook(Command[BookTakenBack, Never]):
    """Compensate `LendBook`."""

    isbn: str
