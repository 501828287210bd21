"""Callers who use the ledger API: some accounts of one asset, with so little money that it matters who comes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coffer.ids import pack
from coffer.store.limits import WRITTEN_TOGETHER
from coffer.times import rfc3339
from tests.simulation.account_requests import (
    Allow,
    Block,
    Close,
    CloseBalance,
    CreateAsset,
    CreateSegment,
    DeleteAsset,
    DeleteSegment,
    Describe,
    Look,
    LookAtAccount,
    LookAtBalance,
    LookAtSegments,
    Open,
    OpenBalance,
    RenameSegment,
)
from tests.simulation.callers import Trade
from tests.simulation.ledger_requests import (
    CODE,
    EXTERNAL,
    MOST_SHARDS,
    Annotation,
    Cancel,
    Commit,
    Each,
    Hold,
    Movement,
    Note,
    Noting,
    Posting,
    Revert,
    Sweep,
    Together,
)
from tests.simulation.model import DEFAULT, name_of, parts_of
from tests.simulation.requests import Request
from tests.simulation.stage import Stage
from tests.support.world import Answer

ASSET = {"name": "Real", "type": "currency", "code": CODE, "decimals": 2}
HELD = ("@alice", "@bob", "@chest")
"""Accounts that are there from the beginning; the last one has several shards."""
KEYS = ("savings", "tips")
"""Of their further balances."""
FEW = 8
"""Items that one write may have at times, so that a batch takes several: those of two movements, or of a large one."""
NAMES = ("red", "green", "blue")
"""Of segments."""


class LedgerTrade(Trade):
    """One ledger, and what its callers know of it. `bent` says what they like to do."""

    def __init__(self, stage: Stage, bent: Mapping[str, int], *, money: int) -> None:
        super().__init__(stage, bent)
        self._money = money
        if bent.get("batch"):
            stage.written_together = self.random.choice([FEW, FEW, WRITTEN_TOGETHER])
        self.holds: list[str] = []
        self.moved: list[str] = []
        self.accounts: dict[str, str] = {}
        """The ids of accounts, by their aliases."""
        self.balances: dict[str, str] = {}
        """The ids of balances, by their names; not of every account's default one."""
        self.segments: list[str] = []
        """Their ids."""
        self.asset: str = ""
        self.path = ""

    # -------------------------------------------------------------------------------------------------- before all else

    def prepare(self) -> None:
        client = self.client
        organization = client.post("/v1/organizations", {"legalName": "Acme", "legalDocument": "1"}).id
        ledgers = f"/v1/organizations/{organization}/ledgers"
        self.path = f"{ledgers}/{client.post(ledgers, {'name': 'Main'}).id}"
        self._make(self._create_asset())
        shards = self.random.randint(2, MOST_SHARDS)
        for alias in HELD:
            self._make(self._open(alias, shards if alias == HELD[-1] else 1))
            for _ in range(2 if alias == HELD[-1] else 1):
                if part := self.random.randint(self._money // 2, 2 * self._money):
                    self._make(self._posting("inflow", [(EXTERNAL, part)], [(alias, part)]))
        for alias in (HELD[0], HELD[-1]):
            held = client.get(f"{self.path}/accounts/alias/{alias}/balances").json["items"]
            self.balances[alias] = held[0]["id"]
        if self._bent.get("open key"):
            for alias in HELD:
                self._make(self._open_key(alias))
        if self._bent.get("segment"):
            self._make(self._create_segment())
        if self._bent.get("settle"):
            for _ in range(2):
                self._make(self._hold())

    # ------------------------------------------------------------------------------------------------ what is asked for

    def acts(self) -> Mapping[Callable[[], Request | None], int]:
        known: Mapping[str, Callable[[], Request | None]] = {
            "pay": self._pay,
            "split": self._split,
            "chest": self._chest,
            "annotate": self._annotate,
            "come": self._come,
            "go": self._go,
            "hold": self._hold,
            "settle": self._settle,
            "revert": self._revert,
            "note": self._note,
            "batch": self._batch,
            "block": self._block,
            "allow": self._allow,
            "sweep": self._sweep,
            "look": self._look,
            "open key": lambda: self._open_key(self.random.choice(HELD)),
            "close key": self._close_key,
            "look at key": self._look_at_key,
            "describe": self._describe,
            "look at account": self._look_at_account,
            "segment": self._segment,
            "look at segments": self._look_at_segments,
            "open": lambda: self._open(f"@guest{next(self.stage.numbers)}", self.random.choice([1, 1, 2])),
            "close": self._close,
            "make": self._create_asset,
            "unmake": self._delete_asset,
        }
        return {known[name]: weight for name, weight in self._bent.items()}

    def _pay(self) -> Request:
        payer, payee = self._some(2)
        amount = self._amount()
        return self._posting("json", [(payer, amount)], [(payee, amount)])

    def _chest(self) -> Request:
        """In and out of the account that has several shards: what one of them gets, another may give."""
        (other,), chest = self._some(1, HELD[:-1]), HELD[-1]
        payer, payee = self.random.choice([(other, chest), (chest, other), (chest, other)])
        amount = self._amount()
        return self._posting("json", [(payer, amount)], [(payee, amount)])

    def _split(self) -> Request:
        first, second, third = self._some(3)
        one, other = self._amount(), self._amount()
        if self.random.random() < 0.5:
            return self._posting("json", [(first, one + other)], [(second, one), (third, other)])
        return self._posting("json", [(first, one), (second, other)], [(third, one + other)])

    def _annotate(self) -> Request:
        (payer, payee), amount = self._some(2), self._amount()
        return self._posting("annotation", [(payer, amount)], [(payee, amount)])

    def _come(self) -> Request:
        (payee,), amount = self._some(1), self._amount()
        return self._posting("inflow", [(EXTERNAL, amount)], [(payee, amount)])

    def _go(self) -> Request:
        (payer,), amount = self._some(1), self._amount()
        return self._posting("outflow", [(payer, amount)], [(EXTERNAL, amount)])

    def _hold(self) -> Request:
        payer, payee = self._some(2)
        amount = self._amount()
        expires_at = None
        if self.random.random() < 0.4:
            expires_at = self.stage.world.clock.now + self.random.choice([30, 100, 300, 2_000, 600_000])
        return self._posting("json", [(payer, amount)], [(payee, amount)], pending=True, expires_at=expires_at)

    def _settle(self) -> Request | None:
        if not self.holds:
            return self._hold()
        of = self.random.choice(self.holds[-4:])
        kind, step = self.random.choice([(Commit, "commit"), (Cancel, "cancel")])
        return kind(of=of, **self._post(f"transactions/{of}/{step}"))

    def _revert(self) -> Request | None:
        if not self.moved:
            return None
        of = self.random.choice(self.moved[-4:])
        return Revert(of=of, **self._post(f"transactions/{of}/revert"))

    def _note(self) -> Request | None:
        known = [*self.holds[-3:], *self.moved[-3:]]
        if not known:
            return None
        of, name = self.random.choice(known), self._name()
        path = f"{self.path}/transactions/{of}"
        return Note(name=name, method="PATCH", path=path, body={"description": name}, of=of)

    def _batch(self) -> Request:
        kind = self.random.choice([Each, Together])
        posted = self._post("transactions/batch")
        movements = []
        for position in range(self.random.randint(2, 3 if kind is Together else 6)):
            (payer, payee), amount = self._some(2), self._amount()
            if self.random.random() < 0.2:
                payer = EXTERNAL
            movements.append(
                Movement(name=f"{posted['name']}.{position}", payers=[(payer, amount)], payees=[(payee, amount)])
            )
        body = {
            "transactions": [{"code": each.name, "send": each.send} for each in movements],
            "atomic": kind is Together,
        }
        made = posted | {"movements": movements, "body": body}
        return Together(room=self.stage.written_together, **made) if kind is Together else Each(**made)

    def _block(self) -> Request:
        (alias,), noted = self._some(1, HELD), {"blocked": self.random.random() < 0.4}
        return Block(noted=noted, body=noted, **self._of_account("PATCH", alias))

    def _describe(self) -> Request:
        """An account gets a name, a segment, both, or either and is blocked as well."""
        (alias,) = self._some(1, HELD)
        ways: Sequence[tuple[str, Sequence[str | bool | None]]] = (
            ("name", [f"name {next(self.stage.numbers)}"]),
            ("segmentId", [None, *self.segments[-2:]]),
            ("blocked", [True, False, False]),
        )
        chosen = self.random.sample(ways, self.random.choice([1, 1, 2]))
        noted = {what: self.random.choice(among) for what, among in chosen}
        return Describe(noted=noted, body=noted, **self._of_account("PATCH", alias))

    def _look_at_account(self) -> Request:
        (alias,) = self._some(1, HELD)
        return LookAtAccount(**self._of_account("GET", alias))

    def _allow(self) -> Request:
        sends, receives = (self.random.random() < 0.6 for _ in range(2))
        body = {"allowSending": sends, "allowReceiving": receives}
        balance = self.random.choice(list(self.balances))
        return Allow(sends=sends, receives=receives, body=body, **self._of_balance("PATCH", balance))

    def _open_key(self, alias: str) -> Request:
        """A balance under a key that the account may have, or may have had."""
        key, (sends, receives) = self.random.choice(KEYS), (self.random.random() < 0.9 for _ in range(2))
        body = {"key": key, "allowSending": sends, "allowReceiving": receives}
        posted = self._post(f"accounts/{self.accounts[alias]}/balances", body)
        return OpenBalance(alias=alias, balance=name_of(alias, key), sends=sends, receives=receives, **posted)

    def _close_key(self) -> Request | None:
        further = [name for name in self.balances if parts_of(name)[1] != DEFAULT]
        return CloseBalance(**self._of_balance("DELETE", self.random.choice(further))) if further else None

    def _look_at_key(self) -> Request:
        return LookAtBalance(**self._of_balance("GET", self.random.choice(list(self.balances))))

    def _segment(self) -> Request:
        return self.random.choice([self._create_segment, self._rename_segment, self._delete_segment])()

    def _create_segment(self) -> Request:
        called = self.random.choice(NAMES)
        return CreateSegment(called=called, **self._post("segments", {"name": called}))

    def _rename_segment(self) -> Request:
        of, called = self.random.choice(self.segments[-3:]), self.random.choice(NAMES)
        path = f"{self.path}/segments/{of}"
        return RenameSegment(name=self._name(), method="PATCH", path=path, body={"name": called}, of=of, called=called)

    def _delete_segment(self) -> Request:
        of = self.random.choice(self.segments[-3:])
        return DeleteSegment(name=self._name(), method="DELETE", path=f"{self.path}/segments/{of}", of=of)

    def _look_at_segments(self) -> Request:
        return LookAtSegments(name=self._name(), method="GET", path=f"{self.path}/segments?limit=100")

    def _sweep(self) -> Request:
        return Sweep(name=self._name(), method="", path="")

    def _look(self) -> Request:
        (alias,) = self._some(1, HELD)
        path = f"{self.path}/accounts/alias/{alias}/balances"
        return Look(name=self._name(), method="GET", path=path, alias=alias)

    def _open(self, alias: str, shards: int = 1) -> Request:
        body = {"assetCode": CODE, "type": "deposit", "alias": alias, "shards": shards}
        return Open(alias=alias, **self._post("accounts", body))

    def _close(self) -> Request | None:
        (alias,) = self._some(1, list(self.accounts))
        return Close(**self._of_account("DELETE", alias))

    def _create_asset(self) -> Request:
        return CreateAsset(**self._post("assets", ASSET))

    def _delete_asset(self) -> Request | None:
        if not self.asset:
            return None
        path = f"{self.path}/assets/{self.asset}"
        return DeleteAsset(name=self._name(), method="DELETE", path=path, asset=pack(self.asset))

    # ------------------------------------------------------------------------------------------------------- how

    def _posting(
        self,
        form: str,
        payers: Sequence[tuple[str, int]],
        payees: Sequence[tuple[str, int]],
        *,
        pending: bool = False,
        expires_at: int | None = None,
    ) -> Request:
        posted = self._post(f"transactions/{form}")
        noted = form == "annotation"
        kind = Annotation if noted else Hold if pending else Posting
        make = Noting if noted else Movement
        movement = make(name=posted["name"], payers=payers, payees=payees, pending=pending, expires_at=expires_at)
        asked: dict[str, object] = dict(movement.send)
        if form == "inflow":
            del asked["source"]
        if form == "outflow":
            del asked["distribute"]
        body: dict[str, object] = {"code": posted["name"], "send": asked}
        if pending:
            body["pending"] = True
        if expires_at is not None:
            body["expiresAt"] = rfc3339(expires_at)
        return kind(movement=movement, **posted | {"body": body})

    def _post(self, path: str, body: object = None) -> dict[str, Any]:
        return super()._post(f"{self.path}/{path}", body)

    def _of_account(self, method: str, alias: str) -> dict[str, Any]:
        path = f"{self.path}/accounts/{self.accounts[alias]}"
        return {"name": self._name(), "method": method, "path": path, "alias": alias}

    def _of_balance(self, method: str, balance: str) -> dict[str, Any]:
        of = self.balances[balance]
        path = f"{self.path}/balances/{of}"
        return {"name": self._name(), "method": method, "path": path, "balance": balance, "id": pack(of)}

    def _some(self, number: int, among: Sequence[str] = ()) -> list[str]:
        """So many balances, default ones and others, of all accounts or of these."""
        return self.random.sample(among or list(dict.fromkeys([*self.accounts, *self.balances])), number)

    def _amount(self) -> int:
        return self.random.randint(1, max(5, self._money))

    # ---------------------------------------------------------------------------------------------------- what is heard

    def hear(self, request: Request, answer: Answer) -> None:
        match request:
            case Hold():
                self._list(self.holds, answer.id)
            case Posting() | Revert() | Commit():
                self._list(self.moved, answer.id)
            case Open():
                self.accounts[request.alias] = answer.id
            case OpenBalance():
                self.balances[request.balance] = answer.id
            case CreateSegment():
                self._list(self.segments, answer.id)
            case CreateAsset():
                self.asset = answer.id

    def _list(self, board: list[str], known: str) -> None:
        if known not in board:
            board.append(known)
