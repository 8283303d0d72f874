"""The parts of the saga pages are rendered with real data."""

import re

import pytest
from console.api.saga import SagaView
from console.fault_controls import ActiveFault
from console.overview.view import Overview
from console.overview.window import Snapshot, Window
from console.pages import fragment
from console.sagas.drawing import draw
from console.sagas.search import SagaPage
from console.sagas.sequence import Payloads, sequence
from console.sagas.swim_lanes import swim_lanes
from console.session import Person
from contracts.money import Money
from counterstep.http.roles import Role
from counterstep.http.views.sagas import SagaSummary
from fastapi import Request
from saga_details import REFUSED, SAGA, saga_detail
from shop_client import Product

NOTHING = Snapshot(0.0, {}, None, {})
ASKED = Request(
    {"type": "http", "path": "/", "headers": [], "query_string": b"", "scheme": "http", "server": ("localhost", 1)}
)


def test_a_saga_shows_its_lanes_and_its_messages() -> None:
    detail = saga_detail(REFUSED)
    chart = swim_lanes(detail, started_by="order")
    rows = tuple(sequence(detail, chart.services, Payloads.of([], [])))
    html = fragment("saga_or_pending.html", view=SagaView(detail, chart, draw(chart), rows))
    assert html.count('<g class="bar ') == len(chart.bars)
    assert html.count('<li id="row-') == len(rows)
    assert "authorize payment refused" in html


def test_an_id_without_a_saga_promises_nothing_about_an_order_that_nobody_placed() -> None:
    told = fragment("saga_or_pending.html", view=None)
    assert "The order is stored until then" in told
    assert "If nobody placed an order with this id, nothing will appear" in told


def test_the_overview_says_in_words_that_there_was_no_traffic() -> None:
    told = fragment("overview/figures.html", view=Overview.of(Window(NOTHING, NOTHING, {})))
    assert "none ended lately" in told
    assert "\N{EN DASH}" not in told


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        (Role.OPERATOR, {"retry", "compensate", "cancel"}),
        (Role.CUSTOMER, {"cancel"}),
        (Role.VIEWER, set()),
    ],
)
def test_people_are_offered_only_the_acts_that_they_may_do(role: Role, acts: set[str]) -> None:
    who = Person("ada", role, "token")
    html = fragment("saga.html", saga=None, saga_id=SAGA, found="", who=who, here="/sagas", request=ASKED)
    assert set(re.findall(rf"/sagas/{SAGA}/(\w+)\"", html)) - {"live"} == acts


def test_the_products_of_a_load_test_are_folded_away() -> None:
    products = [
        Product(sku=sku, name=sku, price=Money(amount=1, currency="EUR")) for sku in ("lamp", "load-1", "load-2")
    ]
    html = fragment(
        "shop.html", products=products, quantity="q-", orders="", who=None, here="/shop", request=ASKED
    )
    shown, folded = html.split("<details>")
    assert ("q-lamp" in shown, "q-load" in shown) == (True, False)
    assert "2 products of the load test" in folded


def test_each_saga_of_the_list_links_to_its_page() -> None:
    fields = saga_detail(REFUSED).model_dump(include=set(SagaSummary.model_fields))
    html = fragment("saga_rows.html", view=SagaPage([SagaSummary.model_validate(fields)], older=None))
    assert f'href="/sagas/{SAGA}"' in html


def test_an_active_fault_is_named_with_its_operator_and_reason() -> None:
    fields = {"service": "payment", "faults": {"refuses": 0.3}, "by": "grace", "reason": "to see it"}
    fault = ActiveFault.model_validate({**fields, "ends_at": "2026-01-01T00:00:00Z"})
    assert "grace: to see it" in fragment("active_faults.html", view=[fault])
    assert "payment (Refuses 30 %)" in fragment("banner.html", view=[fault])
