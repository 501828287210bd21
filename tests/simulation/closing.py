"""The last look at a run: all is quiet, what was sent once is sent again, and the books are opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from coffer.api.operators import Operator
from coffer.ids import unpack
from coffer.store.keys import LedgerRef
from coffer.store.values import Item, decode_item, text
from tests.simulation.account_requests import shows
from tests.simulation.callers import BUSY
from tests.simulation.handlers import CALM
from tests.simulation.history import SEGMENT, Delivery, belongs, id_of
from tests.simulation.judge import Judge
from tests.simulation.ledger_requests import Sweep
from tests.simulation.model import Model, name_of
from tests.simulation.stage import Stage
from tests.support.audit import problems
from tests.support.world import Client
from tools.endpoints import handler

HOUR = 3_600_000
"""Milliseconds."""
REPEATED = 0.3


def repeat(stage: Stage, deliveries: Sequence[Delivery]) -> Iterator[str]:
    """Sends requests with a key once more: what was done is told again, what was not may be done now.

    Of those whose callers never knew what came of them it is all, of the others some. While all is quiet, each of them
    gets an answer.
    """
    stage.let(CALM)
    stage.world.clock.now += HOUR
    known = {each.request for each in deliveries if each.answer and each.answer.status != BUSY}
    for request, client in {each.request: each.client for each in deliveries}.items():
        if request.key and (request not in known or stage.random.random() < REPEATED):
            answer = stage.deliver(request, client)
            if answer is None or answer.status == BUSY:
                yield f"{request.name} cannot be settled, though all is quiet"


def sweep(stage: Stage) -> int:
    """Lets the schedule come once more, when every hold that expires has; the moment of that."""
    stage.world.clock.now += HOUR
    stage.world.fake.settle()
    moment = stage.world.clock.now
    stage.deliver(Sweep(name="the last sweep", method="", path=""), stage.world.client())
    return moment


def look(stage: Stage, judges: Sequence[Judge], swept: int) -> Iterator[str]:
    """What is wrong in the end, some time after the last sweep: in the table, and in what it shows to each client."""
    stage.world.clock.now += HOUR
    stage.world.fake.settle()
    snapshot = stage.world.fake.snapshot()
    yield from problems(snapshot)
    items = [decode_item(cast("Any", wire)) for wire in snapshot.values()]
    for judge in judges:
        own = [item for item in items if belongs(item, judge.client)]
        yield from _look_at(stage, judge.client, own, judge.model, swept)


def _look_at(stage: Stage, client: Client, items: Sequence[Item], model: Model, swept: int) -> Iterator[str]:
    yield from _unlike([item for item in items if item["sk"] == "TRANSACTION"], model)
    yield from _forgotten(model, swept)
    yield from _noted_otherwise([item for item in items if "#ACCOUNT#" in text(item, "pk")], model)
    yield from _called_otherwise([item for item in items if text(item, "sk").startswith(SEGMENT)], model)
    for ledger in _ledgers(client, items):
        yield from _shown_otherwise(client, ledger, model)
        yield from _found(stage, ledger)


def _unlike(records: Sequence[Item], model: Model) -> Iterator[str]:
    """Every transaction that should be there is, as it should be, and no other one."""
    found = {id_of(record): record for record in records}
    for transaction_id, transaction in model.transactions.items():
        record = found.pop(transaction_id, None)
        if record is None:
            yield f"{transaction_id} is not there"
            continue
        stands = (record["status"], "reverted_by" in record, record.get("description"))
        should = (transaction.status, transaction.reverted, transaction.description)
        if stands != should:
            yield f"{transaction_id} is {stands}, and should be {should}"
    for transaction_id in found:
        yield f"{transaction_id} was never made"


def _forgotten(model: Model, swept: int) -> Iterator[str]:
    """No hold that had expired by the last sweep is still there; the table has those that the model has."""
    for transaction_id, transaction in model.transactions.items():
        expires_at = transaction.expires_at
        if transaction.status == "PENDING" and expires_at is not None and expires_at <= swept:
            yield f"{transaction_id} has expired, and is held still"


def _noted_otherwise(accounts: Sequence[Item], model: Model) -> Iterator[str]:
    """Every account that should be there is, with what was noted of it."""
    found = {text(item, "alias"): item for item in accounts}
    for alias, account in model.accounts.items():
        item = found.pop(alias, None)
        stands = item and {
            "name": item.get("name"),
            "segmentId": item.get("segment_id"),
            "blocked": item["blocked"],
        }
        should = None if account.closed else account.noted
        if stands != should:
            yield f"{alias} is {stands}, and should be {should}"
    for alias in found:
        yield f"{alias} was never opened"


def _called_otherwise(segments: Sequence[Item], model: Model) -> Iterator[str]:
    """The segments are those that should be there."""
    live = [item for item in segments if "deleted_at" not in item]
    stands = {unpack(text(item, "sk").removeprefix(SEGMENT)): item["name"] for item in live}
    if stands != model.segments:
        yield f"the segments are {stands}, and should be {model.segments}"


def _ledgers(client: Client, items: Sequence[Item]) -> Iterator[LedgerRef]:
    for item in items:
        if text(item, "sk").startswith("LEDGER#"):
            _, organization, _ = text(item, "pk").split("#")
            ledger = text(item, "sk").removeprefix("LEDGER#")
            yield LedgerRef(client.client_id, unpack(organization), unpack(ledger))


def _shown_otherwise(client: Client, ledger: LedgerRef, model: Model) -> Iterator[str]:
    """Every balance is shown as it should be, over all of its shards."""
    path = f"/v1/organizations/{ledger.organization_id}/ledgers/{ledger.ledger_id}/balances?limit=100"
    shown = {name_of(each["alias"], each["key"]): each for each in client.get(path).json["items"]}
    for name, balance in model.balances.items():
        each = shown.pop(name, None)
        if balance.closed:
            if each:
                yield f"{name} is shown as {each}, and is closed"
        elif each is None or not shows(each, balance):
            yield f"{name} is shown as {each}, and should be {balance}"
    for name in shown:
        yield f"{name} is shown, and was never opened"


def _found(stage: Stage, ledger: LedgerRef) -> Iterator[str]:
    """What the operator's verification has to say."""
    verification = cast("Operator[Any]", handler("operators", "verify_ledger"))
    event = {
        "client_id": ledger.client_id,
        "organization_id": ledger.organization_id,
        "ledger_id": ledger.ledger_id,
    }
    answer: Mapping[str, Any] = verification.serve(event, stage.world.runtime, stage.world.countdown())
    if answer["state"] != "DONE":
        yield f"the verification is {answer['state']}"
    yield from (f"the verification found {finding}" for finding in answer["findings"])
    for asset in answer.get("assets", []):
        if asset["difference"] != "0":
            yield f"the verification comes to {asset}"
