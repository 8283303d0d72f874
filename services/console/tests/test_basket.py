"""A form becomes an order."""

import pytest
from console.basket import order_of
from counterstep.http.problems import Problem


def test_what_has_a_quantity_is_ordered() -> None:
    form = {"customer": " ada ", "quantity-lamp": "2", "quantity-mug": "", "quantity-rug": "0", "key": "k"}
    assert order_of(form).model_dump() == {"customer_id": "ada", "lines": ({"sku": "lamp", "quantity": 2},)}


@pytest.mark.parametrize(
    ("form", "advice"),
    [({"quantity-lamp": ""}, "basket is empty"), ({"quantity-lamp": "two"}, "'two' is not a quantity")],
)
def test_an_empty_basket_or_a_wrong_quantity_is_refused(form: dict[str, str], advice: str) -> None:
    with pytest.raises(Problem) as refused:
        order_of(form)
    assert advice in refused.value.detail
