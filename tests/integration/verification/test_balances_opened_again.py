"""A balance may be closed and opened again, as another one under its key: what comes then is booked on that one."""

from typing import Any

from tests.support.world import World
from tools.scenarios import Scene


def payment(payer: str, payee: str, *, frm: str = "default", to: str = "default") -> dict[str, Any]:
    """A payment of one real from one balance to another."""

    def leg(alias: str, key: str) -> dict[str, Any]:
        return {"accountAlias": alias, "balanceKey": key, "amount": {"asset": "BRL", "value": "1"}}

    sides = {"source": {"from": [leg(payer, frm)]}, "distribute": {"to": [leg(payee, to)]}}
    return {"send": {"asset": "BRL", "value": "1", **sides}}


class Reserve:
    """A ledger in which `@bob` has a further balance, which can be replaced by another one."""

    def __init__(self) -> None:
        world = World()
        self.at = Scene(world, world.client())
        self.ledger = self.at.books()
        self._account = self.at.account_of(self.ledger, "@bob")
        self.balance_id = self._open()

    def _open(self) -> str:
        return self.at.client.post(f"{self._account}/balances", {"key": "reserve"}).id

    def replace(self) -> None:
        """It is closed, and opened again."""
        assert self.at.client.delete(f"{self.ledger}/balances/{self.balance_id}").status == 204
        self.balance_id = self._open()

    def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        """What a POST below the transactions answers, which must be 201."""
        answer = self.at.client.post(f"{self.ledger}/transactions/{path}", body)
        assert answer.status == 201, answer
        return answer.json

    def found(self) -> str:
        """How many findings the verification has."""
        _, _, _, organization_id, _, ledger_id = self.ledger.split("/")
        ids = {"client_id": self.at.client.client_id, "organization_id": organization_id, "ledger_id": ledger_id}
        return self.at.operate("verify_ledger", **ids)["found"]


def credited(transaction: dict[str, Any]) -> list[str]:
    """The ids of the balances to which a transaction brought money."""
    return [each["balanceId"] for each in transaction["operations"] if each["type"] == "CREDIT"]


def test_a_commit_is_booked_on_the_balance_that_is_there() -> None:
    reserve = Reserve()
    held = reserve.post("json", payment("@alice", "@bob", to="reserve") | {"pending": True})
    reserve.replace()
    assert credited(reserve.post(f"{held['id']}/commit")) == [reserve.balance_id]
    assert reserve.found() == "0"


def test_a_revert_is_booked_on_the_balance_that_is_there() -> None:
    reserve = Reserve()
    reserve.post("json", payment("@alice", "@bob", to="reserve"))
    paid = reserve.post("json", payment("@bob", "@alice", frm="reserve"))
    reserve.replace()
    assert credited(reserve.post(f"{paid['id']}/revert")) == [reserve.balance_id]
    assert reserve.found() == "0"
