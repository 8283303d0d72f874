from infra.demo.seeding import CUSTOMERS, PRODUCTS


def test_there_is_something_to_choose_from() -> None:
    assert len({product.sku for product in PRODUCTS}) >= 10
    assert len(CUSTOMERS) >= 5


def test_somebody_is_too_poor_for_most_things() -> None:
    poorest = min(CUSTOMERS.values())
    assert sum(product.price > poorest for product in PRODUCTS) > len(PRODUCTS) / 2


def test_something_is_sold_out() -> None:
    assert any(product.on_hand == 0 for product in PRODUCTS)
