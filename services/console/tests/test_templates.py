"""The parts of the saga pages are rendered with real data."""

from console.api.saga import SagaView
from console.fault_controls import ActiveFault
from console.pages import fragment
from console.sagas.drawing import draw
from console.sagas.search import SagaPage
from console.sagas.sequence import Payloads, sequence
from console.sagas.swim_lanes import swim_lanes
from counterstep.http.views.sagas import SagaSummary
from saga_details import REFUSED, SAGA, saga_detail


def test_a_saga_shows_its_lanes_and_its_messages() -> None:
    detail = saga_detail(REFUSED)
    chart = swim_lanes(detail, started_by="order")
    rows = tuple(sequence(detail, chart.services, Payloads.of([], [])))
    html = fragment("saga_or_pending.html", view=SagaView(detail, chart, draw(chart), rows))
    assert html.count('<g class="bar ') == len(chart.bars)
    assert html.count('<li id="row-') == len(rows)
    assert "authorize payment refused" in html


def test_a_saga_that_has_not_started_says_that_its_order_is_stored() -> None:
    assert "The order is stored" in fragment("saga_or_pending.html", view=None)


def test_each_saga_of_the_list_links_to_its_page() -> None:
    fields = saga_detail(REFUSED).model_dump(include=set(SagaSummary.model_fields))
    html = fragment("saga_rows.html", view=SagaPage([SagaSummary.model_validate(fields)], older=None))
    assert f'href="/sagas/{SAGA}"' in html


def test_an_active_fault_is_named_with_its_operator_and_reason() -> None:
    fields = {"service": "payment", "faults": {"refuses": 0.3}, "by": "grace", "reason": "to see it"}
    fault = ActiveFault.model_validate({**fields, "ends_at": "2026-01-01T00:00:00Z"})
    assert "grace: to see it" in fragment("active_faults.html", view=[fault])
    assert "payment (Refuses 30 %)" in fragment("banner.html", view=[fault])
