"""What a service shows when it is scraped."""

from typing import Self

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from shop import Shop
from waiting import eventually


class Scrape(dict[str, Metric]):
    """Metric families by the name that their samples begin with."""

    @classmethod
    def of(cls, text: str) -> Self:
        families = text_string_to_metric_families(text)
        return cls({f"{each.name}_total" if each.type == "counter" else each.name: each for each in families})

    def value(self, name: str, /, **labels: str) -> float:
        """The sum of the samples of this name that have these labels."""
        return sum(
            sample.value
            for family in self.values()
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def labels(self, name: str) -> set[str]:
        """The names of the labels that tell a family's samples apart."""
        return {label for sample in self[name].samples for label in sample.labels} - {"le"}


async def scrape(shop: Shop, service: str) -> Scrape:
    return Scrape.of((await shop.call("GET", service, "/metrics")).raise_for_status().text)


async def scraped_until(shop: Shop, service: str, name: str, at_least: float, /, **labels: str) -> Scrape:
    """The service's metrics, as soon as this one has reached the value."""
    return await eventually(
        lambda: scrape(shop, service), until=lambda seen: seen.value(name, **labels) >= at_least
    )
