"""What the inventory service used to send."""

from counterstep.protocol import Past

from contracts import inventory


class StockUnavailable(Past):
    """Version 1 gave the cause in the reason alone."""

    reason: str

    def upcast(self) -> inventory.StockUnavailable:
        """Keep the sentence as it is; its wording is not evidence enough for a code."""
        return inventory.StockUnavailable(code=inventory.StockUnavailableCode.UNSPECIFIED, reason=self.reason)
