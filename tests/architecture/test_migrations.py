"""Each database has one line of migrations, so `alembic upgrade head` knows where to go."""

import ast
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
VERSIONS = sorted(CHECKOUT.glob("services/*/migrations/versions")) + sorted(
    CHECKOUT.glob("examples/*/*/*/migrations/versions")
)


def revisions(versions: Path) -> dict[str, str | None]:
    """Each revision of a service, with the one that it follows."""
    found = [_assigned(path) for path in versions.glob("*.py")]
    assert len({each["revision"] for each in found}) == len(found), f"{versions}: two migrations have one number"
    return {str(each["revision"]): each["down_revision"] for each in found}


def _assigned(path: Path) -> dict[str, str | None]:
    return {
        target.id: ast.literal_eval(statement.value)
        for statement in ast.parse(path.read_text()).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


@pytest.mark.parametrize("versions", VERSIONS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_migrations_follow_one_another_in_one_line(versions: Path) -> None:
    found = revisions(versions)
    assert sorted(each or "" for each in found.values()) == ["", *sorted(found)[:-1]]
