"""Every message that crosses a service boundary.

The module is the address: `contracts.payment.AuthorizePayment` goes to exchange `commands` with routing key
`payment.authorize_payment`, and its type is `payment.authorize_payment.v1` (see `naming`).
"""
