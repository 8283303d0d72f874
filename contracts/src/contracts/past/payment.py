"""What the payment service used to send."""

from counterstep.protocol import Past

from contracts import payment


class PaymentDeclined(Past):
    """Version 1 gave the cause in the reason alone."""

    reason: str

    def upcast(self) -> payment.PaymentDeclined:
        """Keep the sentence as it is; its wording is not evidence enough for a code."""
        return payment.PaymentDeclined(code=payment.PaymentDeclinedCode.UNSPECIFIED, reason=self.reason)
