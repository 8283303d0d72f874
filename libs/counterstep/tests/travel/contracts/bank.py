"""What the bank service can be asked."""

from counterstep.protocol.messages import Command, Refusal, Reply


class MoneyTaken(Reply): ...


class NoMoney(Refusal): ...


class TakeMoney(Command[MoneyTaken, NoMoney]):
    room: int
