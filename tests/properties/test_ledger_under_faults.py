"""The ledger API against a ledger on paper, whatever is asked for, and whatever fails on the way.

After every request the answer is what the paper says, and so is every balance; what was refused has changed nothing,
what was done before is answered as it was then, and the audit finds nothing wrong with the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import replace
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from botocore.exceptions import ClientError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from coffer.api.expiry import HoldsKept
from coffer.api.operators import Operator, Tick
from coffer.ledger.refusal import Reason, Refusal
from tests.integration.ledger_api.books import counted
from tests.properties import shown
from tests.properties.clerk import Request, new_clerk, objection, post
from tests.properties.mishaps import MISTAKES, Plan, plans
from tests.properties.paper.accounts import Account, Asset, Balance
from tests.properties.paper.distribution import Remaining
from tests.properties.paper.ledger import PaperLedger
from tests.properties.paper.orders import DEFAULT, Leg, Order
from tests.properties.paper.transactions import Transaction
from tests.properties.paper.verdicts import KEY_USED_OTHERWISE, Objection, Span, Verdict
from tests.properties.wishes import ALIASES, CODES, DEAD, KEYS, MINUTE, Wish, simply, wishes
from tests.support.audit import problems
from tests.support.effort import examples
from tests.support.world import Answer
from tools.endpoints import handler

mishaps = plans()
keys = st.sampled_from([None, "", "", "A", "B"])
"""Idempotency keys: none, a fresh one, or one of a few."""
numbers = st.integers(0, 99)
"""What stands for one of several things, whichever there are by then."""
OTHER = 3
"""Of four of these numbers, the one that stands for anything, however little sense that makes."""
flags = st.booleans()
switches = st.sampled_from([None, False, False, True])
"""What becomes of a flag: None leaves it alone."""
several = st.lists(wishes() | wishes(pending=True), min_size=1, max_size=4)


@dataclass(slots=True)
class Batch:
    """A batch that was sent, and what became of each of its transactions."""

    key: str
    orders: list[Order]
    results: list[Any]


class Ledger(RuleBasedStateMachine):
    """A ledger with two assets, a few accounts, and everyone who uses it."""

    def __init__(self) -> None:
        super().__init__()
        self.clerk = new_clerk()
        self.paper = PaperLedger()
        self.batches: list[Batch] = []
        self.seen: dict[str, tuple[object, ...]] = {}
        """Balances as they were shown last."""
        self.audited: object = None
        """The table as it was audited last."""
        self.open_ledger()

    def open_ledger(self) -> None:
        """Three accounts with money, of which some is held, and one whose asset is another one now."""
        real, coin = CODES
        self.create_asset([], coin, None, None)
        self.open_account([], DEAD, coin, 1, blocked=False, key=None)
        self.delete_asset([], 0, leaving=False)
        self.create_asset([], coin, 3, None)
        self.create_asset([], real, None, None)
        for alias, code, shards in ((ALIASES[0], real, 1), (ALIASES[1], real, 3), (ALIASES[2], coin, 2)):
            self.open_account([], alias, code, shards, blocked=False, key=None)
        for position, (code, units) in enumerate(((real, 90), (real, 60), (real, 30), (coin, 50))):
            self.bring([], None, simply("inflow", code, units, position))
        self.hold([], None, simply("json", real, 20, 0, pending=True))
        self.hold([], None, simply("json", real, 10, 1, pending=True, expires_in=3 * MINUTE))

    # -------------------------------------------------------------------------------------------------- transactions

    @rule(mishap=mishaps, key=keys, wish=wishes("inflow"))
    def bring(self, mishap: Plan, key: str | None, wish: Wish) -> None:
        """Money comes into the ledger."""
        self.order(mishap, key, self.ordered(wish))

    @rule(mishap=mishaps, key=keys, wish=wishes("outflow") | wishes("outflow", pending=True))
    def take(self, mishap: Plan, key: str | None, wish: Wish) -> None:
        """Money leaves the ledger, or is held until it does."""
        self.order(mishap, key, self.ordered(wish))

    @rule(mishap=mishaps, key=keys, wish=wishes() | wishes(pending=True) | wishes("annotation"))
    def pay(self, mishap: Plan, key: str | None, wish: Wish) -> None:
        """Money moves, or is held until it does, or nothing moves and is only noted."""
        self.order(mishap, key, self.ordered(wish))

    @rule(mishap=mishaps, key=keys, wish=wishes(pending=True))
    def hold(self, mishap: Plan, key: str | None, wish: Wish) -> None:
        """Money is held until it moves."""
        self.order(mishap, key, self.ordered(wish))

    def order(self, mishap: Plan, key: str | None, order: Order) -> None:
        """Asks for a transaction."""
        answer = self.clerk.make(
            mishap,
            post(f"transactions/{order.kind}", order.body(), self.clerk.key(key)),
            lambda span: self.paper.of_order(order, span),
            lambda: self.newest("description", order.description),
        )
        if answer:
            self.adopt(answer.json, self.paper.post(order))

    @precondition(lambda self: self.paper.pending())
    @rule(mishap=mishaps, key=keys, which=numbers)
    def commit(self, mishap: Plan, key: str | None, which: int) -> None:
        """Delivers what is held."""
        transaction_id, transaction = self.one(which, "PENDING")
        place = f"transactions/{transaction_id}"
        answer = self.clerk.make(
            mishap,
            post(f"{place}/commit", None, self.clerk.key(key)),
            lambda span: self.paper.of_commit(transaction, span),
            lambda: self.clerk.look(place),
        )
        if answer:
            self.paper.commit(transaction)
            shown.check(answer.json, transaction)

    @precondition(lambda self: self.paper.pending())
    @rule(mishap=mishaps, key=keys, which=numbers)
    def cancel(self, mishap: Plan, key: str | None, which: int) -> None:
        """Gives back what is held."""
        transaction_id, transaction = self.one(which, "PENDING")
        place = f"transactions/{transaction_id}"
        answer = self.clerk.make(
            mishap,
            post(f"{place}/cancel", None, self.clerk.key(key)),
            lambda _: self.paper.of_cancel(transaction),
            lambda: self.clerk.look(place),
        )
        if answer:
            self.paper.cancel(transaction)
            shown.check(answer.json, transaction)

    @precondition(lambda self: self.paper.transactions)
    @rule(mishap=mishaps, key=keys, which=numbers)
    def revert(self, mishap: Plan, key: str | None, which: int) -> None:
        """Moves money back, once."""
        transaction_id, transaction = self.one(which, "APPROVED")
        answer = self.clerk.make(
            mishap,
            post(f"transactions/{transaction_id}/revert", None, self.clerk.key(key)),
            lambda _: self.paper.of_revert(transaction),
            lambda: self.newest("parentTransactionId", transaction_id),
        )
        if answer:
            self.adopt(answer.json, self.paper.revert(transaction_id))

    @precondition(lambda self: self.paper.transactions)
    @rule(mishap=mishaps, which=numbers)
    def describe(self, mishap: Plan, which: int) -> None:
        """Notes something of a transaction, which moves nothing, and changes no first answer."""
        transaction_id, _ = self.one(which, "APPROVED")
        request = Request("PATCH", f"transactions/{transaction_id}", {"description": "noted later"})
        assert self.clerk.change(mishap, request, lambda _: Verdict())
        for claim in self.clerk.claims.values():
            if claim.answer.json.get("id") == transaction_id:
                self.clerk.again([], claim)

    @rule(mishap=mishaps, minutes=st.integers(0, 5), looked_after=flags)
    def wait(self, mishap: Plan, minutes: int, *, looked_after: bool) -> None:
        """Time passes, whether or not anybody looks after what expires."""
        self.clerk.shaken.world.clock.now += minutes * MINUTE
        if looked_after:
            self.sweep(mishap)

    def sweep(self, mishap: Plan) -> None:
        """Cancels what has expired; what it does not come to is canceled next time."""
        begin = self.clerk.now
        expire = cast("Operator[Tick]", handler("transactions", "expire"))
        self.clerk.shaken.plan(mishap)
        world = self.clerk.shaken.world
        try:
            expire.serve({}, world.runtime, world.countdown())
        except ClientError:
            assert any(name in MISTAKES for name, _ in mishap)
        except HoldsKept as kept:
            if kept.mistakes and not any(name in MISTAKES for name, _ in mishap):
                raise
        except Refusal as refusal:  # it had no time to look
            if not mishap or refusal.reason is not Reason.UNAVAILABLE:
                raise
        self.clerk.shaken.plan([])
        swept = sorted(self.paper.transactions.items(), key=lambda each: (each[1].expires_at or 0, each[0]))
        for transaction_id, transaction in swept:  # in the order in which they fell due
            due = transaction.expires_at
            if transaction.status == "PENDING" and due is not None and due <= self.clerk.now:
                if self.clerk.get(f"transactions/{transaction_id}")["status"]["code"] == "CANCELED":
                    self.paper.cancel(transaction)
                else:
                    assert mishap or due > begin

    # ------------------------------------------------------------------------------------------------------- batches

    @rule(mishap=mishaps, key=keys, several=several)
    def post_together(self, mishap: Plan, key: str | None, several: list[Wish]) -> None:
        """All or nothing."""
        orders = [self.ordered(wish) for wish in several]
        body = {"transactions": [order.body() for order in orders], "atomic": True}
        verdicts: dict[int, Verdict] = {}

        def judge(span: Span) -> Verdict:
            verdicts.update(self.paper.of_batch(orders, span))
            every = verdicts.values()
            return Verdict({each for one in every for each in one.must}, {each for one in every for each in one.may})

        request = post("transactions/batch", body, self.clerk.key("" if mishap and not key else key))
        answer, refused = self.clerk.make(mishap, request, judge, no_need), self.clerk.refusal
        if refused and objection(refused) != KEY_USED_OTHERWISE:
            (named,) = {int(field.split(".")[1]) for field in refused.json["fields"]}
            verdicts[named].check(objection(refused))
        if answer:
            for order, result in zip(orders, answer.json["transactions"], strict=True):
                assert (result["status"], result["error"]) == (201, None)
                self.adopt(result["transaction"], self.paper.post(order))

    @rule(mishap=mishaps, keyed=flags, several=several)
    def post_each(self, mishap: Plan, keyed: bool, several: list[Wish]) -> None:
        """Each by itself, in their order."""
        orders = [self.ordered(wish) for wish in several]
        key = self.clerk.key("") if keyed or mishap else None
        self.settle(mishap, orders, [None] * len(orders), key)

    @precondition(lambda self: self.batches)
    @rule(mishap=mishaps, which=numbers)
    def post_each_again(self, mishap: Plan, which: int) -> None:
        """What was posted is not posted again, and what was refused is tried again."""
        batch = self.batches[-1 - which % len(self.batches)]
        self.batches.remove(batch)
        self.settle(mishap, batch.orders, batch.results, batch.key)

    def settle(self, mishap: Plan, orders: list[Order], before: list[Any], key: str | None) -> None:
        """Sends a batch, of which some transactions may have been posted before, and holds it to the paper.

        When something happens to it, it may take several tries, and each has another one's money before it.
        """
        begin = self.clerk.now
        body = {"transactions": [order.body() for order in orders]}
        results = self.clerk.make_each(mishap, post("transactions/batch", body, key))
        assert [each["index"] for each in results] == list(range(len(orders)))
        span = Span(begin, self.clerk.now)
        new = {i: each for i, each in enumerate(results) if not before[i] or before[i]["error"]}
        assert [each for i, each in enumerate(results) if i not in new] == [
            each for i, each in enumerate(before) if i not in new
        ]
        posted = {i: each for i, each in new.items() if each["status"] == 201}
        allowed: dict[int, set[Objection]] = {i: set() for i in new if i not in posted}
        in_turn = sorted(posted, key=lambda i: (posted[i]["transaction"]["createdAt"], i)) if mishap else list(new)
        for i in [*in_turn, None]:
            for refused in allowed if mishap else [i]:
                if refused in allowed:
                    verdict = self.paper.of_order(orders[refused], span)
                    allowed[refused] |= verdict.must | verdict.may
            if i in posted:
                self.paper.of_order(orders[i], span).check(None)
                self.adopt(posted[i]["transaction"], self.paper.post(orders[i]))
        for i, objections in allowed.items():
            assert Objection(new[i]["status"], new[i]["error"]["code"]) in objections
        if key and any(each["status"] == 201 for each in results):
            self.batches.append(Batch(key, orders, results))

    # ------------------------------------------------------------------------------------------ accounts, balances

    @rule(
        mishap=mishaps,
        alias=st.sampled_from(ALIASES),
        code=st.sampled_from(CODES),
        shards=st.sampled_from([1, 1, 2, 3]),
        blocked=st.sampled_from([False, False, False, True]),
        key=keys,
    )
    def open_account(self, mishap: Plan, alias: str, code: str, shards: int, *, blocked: bool, key: str | None) -> None:
        """An account of an asset that is there, under an alias that was never given."""
        answer = self.clerk.make(
            mishap,
            post(
                "accounts",
                {"alias": alias, "assetCode": code, "type": "deposit", "shards": shards, "blocked": blocked},
                self.clerk.key(key),
            ),
            lambda _: self.paper.of_new_account(alias, code),
            lambda: self.clerk.look(f"accounts/alias/{alias}"),
        )
        asset = self.paper.asset(code)
        if answer and asset:
            account = Account(answer.json["id"], alias, asset, shards=shards, blocked=blocked)
            self.paper.add_account(account, self.row(f"alias/{alias}", DEFAULT)["id"])

    @rule(mishap=mishaps, which=numbers, blocked=flags)
    def block(self, mishap: Plan, which: int, *, blocked: bool) -> None:
        """Lets an account do nothing any more, or all again."""
        account = self.account(which)
        body = {"blocked": blocked}
        place = f"accounts/{account.id}"
        if self.clerk.change(mishap, Request("PATCH", place, body), lambda _: self.paper.of_change(account)):
            account.block(blocked=blocked)

    @rule(mishap=mishaps, which=numbers, leaving=flags)
    def delete_account(self, mishap: Plan, which: int, *, leaving: bool) -> None:
        """Closes an account for good, perhaps after all that was available has left it."""
        account = self.account(which, prefers=lambda each: each.on_hold > 0)
        if leaving:
            self.take_along([account])
        request = Request("DELETE", f"accounts/{account.id}")
        if self.clerk.change(mishap, request, lambda _: self.paper.of_account_deletion(account)):
            account.close()

    @rule(mishap=mishaps, which=numbers, name=st.sampled_from([KEYS[1], *KEYS]), key=keys)
    def open_key(self, mishap: Plan, which: int, name: str, key: str | None) -> None:
        """A further balance of an account."""
        account = self.account(which, prefers=lambda each: each.account.blocked)
        answer = self.clerk.make(
            mishap,
            post(f"accounts/{account.id}/balances", {"key": name}, self.clerk.key(key)),
            lambda _: self.paper.of_new_key(account, name),
            lambda: self.clerk.look(f"balances/{self.row(account.id, name)['id']}"),
        )
        if answer:
            account.open(answer.json["id"], name)

    @rule(mishap=mishaps, which=numbers, sends=switches, receives=switches)
    def allow(self, mishap: Plan, which: int, *, sends: bool | None, receives: bool | None) -> None:
        """Says whether a balance sends and receives."""
        balance = self.balance(which)
        asked = {"allowSending": sends, "allowReceiving": receives}
        body = {name: flag for name, flag in asked.items() if flag is not None}
        place = f"balances/{balance.id}"
        if self.clerk.change(mishap, Request("PATCH", place, body), lambda _: self.paper.of_key_change(balance)):
            balance.allow(sends=sends, receives=receives)

    @rule(mishap=mishaps, which=numbers)
    def delete_key(self, mishap: Plan, which: int) -> None:
        """Closes a further balance."""
        further = [each for each in self.paper.balances() if each.key != DEFAULT]
        balance = further[which // 4 % len(further)] if further and which % 4 != OTHER else self.balance(which)
        place = f"balances/{balance.id}"
        if self.clerk.change(mishap, Request("DELETE", place, None), lambda _: self.paper.of_key_deletion(balance)):
            balance.there = False

    # -------------------------------------------------------------------------------------------------------- assets

    @precondition(lambda self: any(self.paper.asset(code) is None for code in CODES))
    @rule(mishap=mishaps, code=st.sampled_from(CODES), decimals=st.sampled_from([None, 0, 2]), key=keys)
    def create_asset(self, mishap: Plan, code: str, decimals: int | None, key: str | None) -> None:
        """An asset whose code is free, with its external account."""
        answer = self.clerk.make(
            mishap,
            post(
                "assets",
                {"name": f"The {code}", "type": "crypto", "code": code, "decimals": decimals},
                self.clerk.key(key),
            ),
            lambda _: self.paper.of_new_asset(code),
            lambda: self.clerk.look(f"assets?code={code}&limit=1"),
        )
        if answer:
            (asset,) = (each for each in self.clerk.get("assets") if each["code"] == code)
            row = self.row(f"external/{code}", DEFAULT)
            self.paper.add_asset(Asset(asset["id"], code, decimals), row["accountId"], row["id"])

    @rule(mishap=mishaps, which=numbers, leaving=flags)
    def delete_asset(self, mishap: Plan, which: int, *, leaving: bool) -> None:
        """Only when nothing is left of it, perhaps after all that was available has left the ledger."""
        asset = self.paper.assets[-1 - which % len(self.paper.assets)]
        if leaving:
            self.take_along([each for each in self.paper.accounts if each.asset is asset])
        request = Request("DELETE", f"assets/{asset.id}")
        if self.clerk.change(mishap, request, lambda _: self.paper.of_asset_deletion(asset)):
            self.paper.delete_asset(asset)

    def take_along(self, accounts: Sequence[Account]) -> None:
        """Lets what is available leave the ledger, if it may."""
        for balance in [each for account in accounts for each in account.balances.values()]:
            if balance.available > 0:
                given = [Leg(balance.account.alias, balance.key, Remaining())]
                number = f"no. {next(self.clerk.numbers)}"
                code, value = balance.account.asset.code, balance.available
                order = Order(kind="outflow", code=code, value=value, given=given, taken=[], description=number)
                self.order([], None, order)

    # ------------------------------------------------------------------------------------------ what was done before

    @precondition(lambda self: self.clerk.claims)
    @rule(mishap=mishaps, which=numbers, otherwise=flags)
    def again(self, mishap: Plan, which: int, *, otherwise: bool) -> None:
        """What was done is asked again, or with another body: nothing is done."""
        claims = list(self.clerk.claims.values())
        claim = claims[-1 - which % len(claims)]
        if claim.request.body is not None and otherwise:
            another = replace(claim.request, body={**claim.request.body, **other(claim.request.place)})
            assert objection(self.clerk.repeat(mishap, another)) == KEY_USED_OTHERWISE
        else:
            self.clerk.again(mishap, claim)

    # --------------------------------------------------------------------------------------------------- whichever

    def ordered(self, wish: Wish) -> Order:
        """What is asked for."""
        return wish.order(self.paper, self.clerk.now, f"no. {next(self.clerk.numbers)}")

    def one(self, which: int, status: str) -> tuple[str, Transaction]:
        """A transaction, mostly one that has a status."""
        every = list(self.paper.transactions.items())
        some = [each for each in every if each[1].status == status]
        among = some if some and which % 4 != OTHER else every
        return among[-1 - which // 4 % len(among)]

    def account(self, which: int, *, prefers: Callable[[Balance], bool] = lambda _: False) -> Account:
        """An account, mostly an ordinary one that is there, and first one with a balance of a kind."""
        own = [each for each in self.paper.accounts if each.there and not each.external]
        own.sort(key=lambda account: not any(map(prefers, account.balances.values())))
        among = own if own and which % 4 != OTHER else self.paper.accounts
        return among[which // 4 % len(among)]

    def balance(self, which: int) -> Balance:
        """A balance, of an account as above."""
        balances = list(self.account(which).balances.values())
        return balances[-1 - which // 16 % len(balances)]

    def row(self, owner: str, key: str) -> Any:  # noqa: ANN401 -- the body of any answer
        """A balance of an account as the API shows it."""
        listed = self.clerk.get(f"accounts/{owner}/balances")["items"]
        (found,) = (row for row in listed if row["key"] == key)
        return found

    def newest(self, field: str, value: str) -> Answer:
        """The newest transaction of which a field has a value."""
        listed = self.clerk.get("transactions?limit=10&sort_order=desc")["items"]
        (found,) = (row for row in listed if row[field] == value)
        return self.clerk.look(f"transactions/{found['id']}")

    def adopt(self, answered: Any, transaction: Transaction) -> None:  # noqa: ANN401 -- the body of any answer
        """Puts a transaction down that was answered as it must be."""
        shown.check(answered, transaction)
        assert answered["id"] not in self.paper.transactions
        self.paper.transactions[answered["id"]] = transaction

    # ----------------------------------------------------------------------------------------------- what must be so

    @invariant()
    def every_balance_is_what_the_paper_says(self) -> None:
        """The API and the paper agree of whatever has changed, and the table with itself."""
        for balance in self.paper.balances():
            if (due := shown.due(balance)) != self.seen.get(balance.id):
                assert shown.balance(self.clerk.get(f"balances/{balance.id}"), one=balance.account.shards == 1) == due
                self.seen[balance.id] = due
        if (table := self.clerk.shaken.fake.held()) != self.audited:
            assert problems(table) == []
            self.audited = table

    def teardown(self) -> None:
        """Every balance and every transaction that was acknowledged is there as it must be, and no other."""
        listed = self.clerk.get("balances?limit=100")
        assert listed["next_cursor"] is None
        due = {balance.id: balance for balance in self.paper.balances()}
        assert {row["id"] for row in listed["items"]} == due.keys()
        for row in listed["items"]:
            balance = due[row["id"]]
            assert shown.balance(row, one=balance.account.shards == 1) == shown.due(balance)
        trial = {each["assetId"]: each for each in self.clerk.get("trial-balance")["assets"]}
        assert trial.keys() == {asset.id for asset in self.paper.assets if asset.there}
        for asset in self.paper.assets:
            if asset.there:
                assert shown.totals(trial[asset.id]) == (
                    self.paper.inside(asset),
                    -self.paper.inside(asset),
                    Decimal(0),
                )
        for transaction_id, transaction in self.paper.transactions.items():
            shown.check(self.clerk.get(f"transactions/{transaction_id}"), transaction)
        assert counted(self.clerk.send(Request("HEAD", "transactions/metrics/count"))) == len(self.paper.transactions)


def no_need() -> Answer:
    """With a key nobody has to look whether something was done."""
    raise AssertionError("no definite answer to a request with a key")


def other(place: str) -> dict[str, object]:
    """What makes the body of a request to a place another one."""
    if place.endswith("/batch"):
        return {"atomic": False}
    return {"allowSending": False} if place.endswith("/balances") else {"metadata": {"other": True}}


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=examples(70), stateful_step_count=50)
