"""The controls of the fault injection page, and the request that its form becomes."""

import pytest
from console.fault_controls import CONTROLS, ActiveFault, switch_on_request
from counterstep.protocol.control import Faults


def test_each_fault_has_one_control() -> None:
    assert [each.name for each in CONTROLS] == list(Faults.model_fields)
    kinds = {each.name: (each.kind, each.maximum) for each in CONTROLS}
    assert kinds["refuses"] == ("share", 100)
    assert kinds["slow_seconds"] == ("seconds", 30)
    assert kinds["silent"] == ("flag", 0)


def test_a_percentage_in_the_form_becomes_a_share() -> None:
    fields = {"service-payment": "on", "switch-refuses": "30", "switch-silent": "on", "seconds": "60"}
    assert switch_on_request(fields, "to see it").json == {
        "services": ["payment"],
        "faults": {"refuses": 0.3, "silent": True},
        "seconds": 60,
        "reason": "to see it",
    }


def test_a_slider_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="float"):
        switch_on_request({"service-payment": "on", "switch-refuses": "much"}, "to see it")


def test_an_active_fault_is_shown_with_its_strength() -> None:
    fields = {"service": "payment", "faults": {"refuses": 0.3, "slow_seconds": 2, "silent": True}}
    fault = ActiveFault.model_validate(
        {**fields, "ends_at": "2026-01-01T00:00:00Z", "by": "grace", "reason": "to see it"}
    )
    assert fault.effects == ["Refuses 30 %", "Slow 2 s", "Silent"]
