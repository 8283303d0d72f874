"""The control room over a stack that does not run: who may ask what, and what is refused."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from contracts.topology import SHOP
from counterstep.http.roles import Role
from counterstep.http.tokens import mint
from httpx2 import ASGITransport, AsyncClient
from infra.control.app import application
from infra.control.log_reading import MOST_CHARACTERS
from infra.launcher import Stack
from infra.machine.ports import Ports

SAGA = "01a20fff-b0aa-73a8-a54e-70311cb2efb4"
HOSTILE = f"<script>\x1b]8;;http://x\x07\u202e saga_id={SAGA}"


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    stack = Stack(tmp_path / "home", Ports(), {})
    stack.home.create()
    stack.home.log("payment").write_text(
        f"2026-11-29T12:00:01Z [info     ] begun\n2026-11-29T12:00:03Z [error    ] {HOSTILE}\n"
    )
    stack.home.log("order").write_text("2026-11-29T12:00:02Z [warning  ] slow\n")
    return stack


@pytest.fixture
async def room(stack: Stack) -> AsyncIterator[AsyncClient]:
    app = application(stack)
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://control") as room,
    ):
        yield room


def token(stack: Stack, role: Role) -> dict[str, str]:
    signed = mint(stack.home.secret("jwt"), issuer=SHOP.name, subject="ada", role=role, ttl=timedelta(minutes=5))
    return {"Authorization": f"Bearer {signed}"}


@pytest.mark.parametrize("path", ["/parts", "/logs"])
async def test_only_operators_and_viewers_may_look(stack: Stack, room: AsyncClient, path: str) -> None:
    assert (await room.get(path)).status_code == 401
    assert (await room.get(path, headers={"Authorization": "Bearer forged"})).status_code == 401
    answers = {role: (await room.get(path, headers=token(stack, role))).status_code for role in Role}
    assert answers == {Role.CUSTOMER: 403, Role.OPERATOR: 200, Role.VIEWER: 200}


async def test_only_operators_may_act_and_only_with_a_reason(stack: Stack, room: AsyncClient) -> None:
    path, why = "/parts/payment/stop", {"reason": "to see"}
    assert (await room.post(path, json=why)).status_code == 401
    assert (await room.post(path, json=why, headers=token(stack, Role.VIEWER))).status_code == 403
    operator = token(stack, Role.OPERATOR)
    assert (await room.post(path, json={"reason": " "}, headers=operator)).status_code == 422
    refused = await room.post(path, json=why, headers=operator)
    assert (refused.status_code, refused.json()["detail"]) == (409, "payment cannot be told to stop now")


@pytest.mark.parametrize("part", ["../../etc/passwd", "payment.log", "jwt", "supervisor", "payment\x00"])
async def test_a_name_that_is_no_part_never_becomes_a_path(stack: Stack, room: AsyncClient, part: str) -> None:
    answer = await room.get("/logs", params={"part": part}, headers=token(stack, Role.VIEWER))
    assert answer.status_code == 404
    assert "the parts are epmd, rabbitmq, postgres, traces, control, order" in answer.json()["detail"]


async def test_what_parts_wrote_is_text_and_in_the_order_of_time(stack: Stack, room: AsyncClient) -> None:
    entries = (await room.get("/logs", headers=token(stack, Role.VIEWER))).json()
    assert [(each["part"], each["level"], each["saga_id"]) for each in entries] == [
        ("payment", "info", None),
        ("order", "warning", None),
        ("payment", "error", SAGA),
    ]
    assert entries[-1]["text"].endswith(f"<script>\\x1b]8;;http://x\\x07\\u202e saga_id={SAGA}")


async def test_filters_choose_entries_and_new_ones_are_found(stack: Stack, room: AsyncClient) -> None:
    viewer = token(stack, Role.VIEWER)

    async def found(**filters: str) -> list[str]:
        answer = await room.get("/logs", params=filters, headers=viewer)
        return [each["text"].partition("] ")[2][:5] for each in answer.json()]

    assert await found(part="order") == ["slow"]
    assert await found(level="warning", text="SLOW") == ["slow"]
    assert await found(id=SAGA.upper()) == ["<scri"]
    with stack.home.log("order").open("a") as log:
        log.write(f"2026-11-29T12:00:09Z [info     ] again saga_id={SAGA}\n")
    assert await found(id=SAGA) == ["<scri", "again"]
    assert await found(limit="1") == ["again"]


@pytest.mark.parametrize(
    "wrong", [{"level": "hot"}, {"limit": "501"}, {"limit": "0"}, {"id": "../x"}, {"text": "x" * 201}]
)
async def test_a_filter_out_of_bounds_is_refused(stack: Stack, room: AsyncClient, wrong: dict[str, str]) -> None:
    assert (await room.get("/logs", params=wrong, headers=token(stack, Role.VIEWER))).status_code == 422


async def test_an_answer_is_bounded(stack: Stack, room: AsyncClient) -> None:
    stack.home.log("order").write_text(
        "".join(f"2026-11-29T12:00:02Z [error    ] {'x' * 3900}\n" for _ in range(300))
    )
    answer = await room.get("/logs", params={"level": "error", "limit": "500"}, headers=token(stack, Role.VIEWER))
    texts = [each["text"] for each in answer.json()]
    assert MOST_CHARACTERS * 0.9 < sum(map(len, texts)) <= MOST_CHARACTERS


async def test_parts_that_do_not_run_say_what_stopping_them_does(stack: Stack, room: AsyncClient) -> None:
    parts = (await room.get("/parts", headers=token(stack, Role.VIEWER))).json()
    assert {each["name"] for each in parts} == set(stack.part_names)
    assert {each["state"] for each in parts} == {"stopped"}
    assert all(each["effect"] and not each["acts"] for each in parts)
