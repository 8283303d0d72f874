"""The filters of the list become requests to the orchestrator."""

from datetime import UTC, datetime

from console.sagas.search import CODES, SagaFilter

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_without_filters_the_newest_sagas_are_requested() -> None:
    query = SagaFilter().request(NOON).parameters
    assert {name for name, value in query.items() if value} == {"limit"}


def test_a_refusal_s_code_is_a_filter_and_stays_in_the_address() -> None:
    filters = SagaFilter(code="insufficient_funds")
    assert filters.request(NOON).parameters["code"] == "insufficient_funds"
    assert filters.address() == "/sagas?code=insufficient_funds"


def test_every_code_of_the_contracts_is_suggested() -> None:
    assert {"insufficient_funds", "insufficient_stock", "rejected_by_reviewer"} <= set(CODES)


def test_an_age_becomes_a_time() -> None:
    assert SagaFilter(age="1h").request(NOON).parameters["started_after"] == "2026-01-01T11:00:00Z"
    assert SagaFilter(age="-1h").request(NOON).parameters["started_before"] == "2026-01-01T11:00:00Z"


def test_an_address_keeps_the_filters_from_page_to_page() -> None:
    assert SagaFilter(status="running", customer="a&b").address(cursor="x") == (
        "/sagas?status=running&customer=a%26b&cursor=x"
    )
    assert SagaFilter().address() == "/sagas"
