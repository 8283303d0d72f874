"""The templates of this checkout, as Copier renders them: at a commit, which what is made remembers."""

import sys
from pathlib import Path

from infra.machine.user_error import UserError
from infra.scaffolding.tools import output

PART = "templates"
SOURCES = ("copier.yml", "templates")
ANSWERS = Path(".copier")
QUIETLY = ("--trust", "--defaults", "--quiet")  # the tasks that it trusts are this checkout's own


def generated(checkout: Path) -> list[str]:
    """Name what was made from the templates."""
    return sorted(path.stem for path in (checkout / ANSWERS).glob("*.yml"))


class Templates:
    """Those of one checkout. Every method raises UserError."""

    def __init__(self, checkout: Path) -> None:
        """Raises UserError where it has no commit, or its templates are not committed."""
        self._checkout = checkout
        self._commit = self._git("rev-parse", "--verify", "HEAD").strip()
        if self._git("status", "--porcelain", "--", *SOURCES):
            raise UserError(PART, "they were changed; commit them first: what is made remembers their commit")

    def refuse_taken(self, name: str, *paths: str) -> None:
        """Raises UserError where something of this name was made already, or is in the way."""
        if taken := [path for path in (f"{ANSWERS / name}.yml", *paths) if (self._checkout / path).exists()]:
            raise UserError(PART, f"{', '.join(taken)} is there already; remove it, or choose another name")

    def render(self, kind: str, name: str, **answers: str) -> None:
        """Write the files of a new service or saga."""
        data_answers = {"kind": kind, "name": name, **answers}
        data = (f"--data={question}={answer}" for question, answer in data_answers.items())
        self._copier("copy", name, *data, ".", ".")

    def update(self, name: str) -> None:
        """Bring to what was made what has changed in its template since, and keep what was changed there."""
        made = generated(self._checkout)
        if name not in made:
            raise UserError(PART, f"nothing here was made as {name}; there is {', '.join(made) or 'nothing yet'}")
        if self._git("status", "--porcelain"):
            raise UserError(PART, "commit what you have changed first, so that `git diff` shows what comes")
        self._copier("update", name, ".")

    def changes(self) -> list[str]:
        """The files that are new or changed since the commit, by path."""
        lines = self._git("status", "--porcelain", "--untracked-files=all").splitlines()
        return sorted(line[3:] for line in lines)

    def _copier(self, verb: str, name: str, *arguments: str) -> None:
        """The source is recorded as `.`, so that generated code finds its template in every clone."""
        at = (f"--vcs-ref={self._commit}", f"--answers-file={ANSWERS / name}.yml")
        output(PART, sys.executable, "-m", "copier", verb, *QUIETLY, *at, *arguments, directory=self._checkout)

    def _git(self, *arguments: str) -> str:
        return output("git", "git", *arguments, directory=self._checkout)
