"""The switches as a page shows them, and what a form with them asks for."""

import pytest
from console.switchboard import CONTROLS, Shown, wanted
from counterstep.protocol.control import Faults


def test_each_fault_has_one_control() -> None:
    assert [each.name for each in CONTROLS] == list(Faults.model_fields)
    kinds = {each.name: (each.kind, each.most) for each in CONTROLS}
    assert kinds["refuses"] == ("share", 100)
    assert kinds["slow_seconds"] == ("seconds", 30)
    assert kinds["silent"] == ("flag", 0)


def test_a_form_asks_for_shares_where_it_shows_percent() -> None:
    fields = {"service-payment": "on", "switch-refuses": "30", "switch-silent": "on", "seconds": "60"}
    assert wanted(fields, "to see it").json == {
        "services": ["payment"],
        "faults": {"refuses": 0.3, "silent": True},
        "seconds": 60,
        "reason": "to see it",
    }


def test_a_slider_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="float"):
        wanted({"service-payment": "on", "switch-refuses": "much"}, "to see it")


def test_what_is_on_is_told_with_its_strength() -> None:
    told = {"service": "payment", "faults": {"refuses": 0.3, "slow_seconds": 2, "silent": True}}
    fault = Shown.model_validate({**told, "ends_at": "2026-01-01T00:00:00Z", "by": "grace", "reason": "to see it"})
    assert fault.words == ["Refuses 30 %", "Slow 2 s", "Silent"]
