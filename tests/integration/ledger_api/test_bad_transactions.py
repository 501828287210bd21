"""Transactions that are refused: each for its reason, naming the field where one is wrong, and nothing has changed."""

import json
from dataclasses import dataclass

import pytest

from coffer.api.errors import LEDGER
from tests.integration.ledger_api.bank import ALICE, BOB, NOBODY, OUTSIDE, SHOP, Bank, Body, leg, payment, send
from tests.integration.ledger_api.books import NOBODYS, done, gone, made, refused
from tests.integration.stores import Everything

GOOD = payment(ALICE, SHOP, "10")
FROM = "send.source.from.0"
TO = "send.distribute.to.0"
BIT = {"accountAlias": ALICE, "amount": {"asset": "BTC", "value": "10"}}
IN = send("1", to=[leg(SHOP)])
SOON = {"transactionDate": "2026-01-16T00:00:00Z"}


@dataclass(frozen=True, slots=True)
class Bad:
    """A body, the status and the code of its refusal, the field that is named, and a bit of what is said."""

    body: object
    status: int
    code: str
    field: str | None
    says: str


def source(*legs: Body, **fields: object) -> Body:
    """A payment of 10 to the shop, from these legs."""
    return {"send": send("10", list(legs), [leg(SHOP, "10")]), **fields}


def with_leg(**fields: object) -> Body:
    """A payment whose first leg of the source has these fields too."""
    return source({**leg(ALICE, "10"), **fields})


def without(body: Body, *path: str) -> Body:
    """A body without one of its members, which a path leads to."""
    first, *rest = path
    if not rest:
        return {name: value for name, value in body.items() if name != first}
    return {**body, first: without(body[first], *rest)}


# ------------------------------------------------------------------------------------------------------------- fields

FIELDS = {
    "no send": Bad({}, 400, "0009", "send", "required"),
    "no asset": Bad(without(GOOD, "send", "asset"), 400, "0009", "send.asset", "required"),
    "no value": Bad(without(GOOD, "send", "value"), 400, "0009", "send.value", "required"),
    "no source": Bad(without(GOOD, "send", "source"), 400, "0009", "send.source", "required"),
    "no legs of the source": Bad({"send": {**GOOD["send"], "source": {}}}, 400, "0009", "send.source.from", "required"),
    "no distribution": Bad(without(GOOD, "send", "distribute"), 400, "0009", "send.distribute", "required"),
    "a leg without an account": Bad(
        source({"amount": {"asset": "BRL", "value": "10"}}), 400, "0009", f"{FROM}.accountAlias", "required"
    ),
    "an amount without a value": Bad(
        source({"accountAlias": ALICE, "amount": {"asset": "BRL"}}), 400, "0009", f"{FROM}.amount.value", "required"
    ),
    "an amount without an asset": Bad(
        source({"accountAlias": ALICE, "amount": {"value": "10"}}), 400, "0009", f"{FROM}.amount.asset", "required"
    ),
    "a share without a percentage": Bad(source(leg(ALICE, {})), 400, "0009", f"{FROM}.share.percentage", "required"),
    "an unknown field": Bad({**GOOD, "more": 1}, 400, "0053", "more", "Leave out"),
    "an unknown field of the send": Bad(
        {"send": {**GOOD["send"], "scale": 2}}, 400, "0053", "send.scale", "not known here"
    ),
    "an unknown field of a leg": Bad(with_leg(account=ALICE), 400, "0053", f"{FROM}.account", "not known here"),
    "a status": Bad({**GOOD, "status": "APPROVED"}, 400, "0053", "status", "not known here"),
    "a name in snake case": Bad(with_leg(account_alias=ALICE), 400, "0053", f"{FROM}.account_alias", "not known here"),
    "pending as text": Bad({**GOOD, "pending": "true"}, 400, "0047", "pending", "boolean"),
    "a description that is no text": Bad({**GOOD, "description": 42}, 400, "0047", "description", "must be a string"),
    "a long description": Bad({**GOOD, "description": "x" * 257}, 400, "0047", "description", "at most 256"),
    "a long code": Bad({**GOOD, "code": "x" * 101}, 400, "0047", "code", "at most 100"),
    "a long note of a leg": Bad(with_leg(chartOfAccounts="x" * 257), 400, "0047", f"{FROM}.chartOfAccounts", "256"),
    "legs that are no list": Bad(
        {"send": {**GOOD["send"], "source": {"from": leg(ALICE, "10")}}}, 400, "0047", "send.source.from", "list"
    ),
    "a leg that is text": Bad(
        {"send": {**GOOD["send"], "source": {"from": [ALICE]}}}, 400, "0047", FROM, "must be an object"
    ),
    "an asset in lower case": Bad(
        {"send": {**GOOD["send"], "asset": "brl"}}, 400, "0004", "send.asset", "must be upper case: BRL"
    ),
    "no asset's code": Bad({"send": {**GOOD["send"], "asset": "B-RL"}}, 400, "0033", "send.asset", "letters"),
    "metadata that is nested": Bad({**GOOD, "metadata": {"a": {}}}, 400, "0067", "metadata", "nested"),
    "metadata of a leg that is nested": Bad(with_leg(metadata={"a": []}), 400, "0067", f"{FROM}.metadata", "nested"),
    "metadata that is null": Bad(with_leg(metadata={"a": None}), 400, "0051", f"{FROM}.metadata", "neither a string"),
    "an alias of other characters": Bad(source(leg("@al ice", "10")), 400, "0096", f"{FROM}.accountAlias", "A-Z"),
    "an empty alias": Bad(source(leg("", "10")), 400, "0096", f"{FROM}.accountAlias", "1 to 100"),
    "an alias of 101 characters": Bad(source(leg("x" * 101, "10")), 400, "0096", f"{FROM}.accountAlias", "1 to 100"),
    "an external alias of no code": Bad(source(leg("@external/brl", "10")), 400, "0096", f"{FROM}.accountAlias", "A-Z"),
    "a key of other characters": Bad(with_leg(balanceKey="a/b"), 400, "0096", f"{FROM}.balanceKey", "A-Z"),
    "a date without a time": Bad({**GOOD, "transactionDate": "2026-01-01"}, 400, "0077", "transactionDate", "a time"),
    "a date without an offset": Bad(
        {**GOOD, "transactionDate": "2026-01-01T00:00:00"}, 400, "0077", "transactionDate", "with its offset"
    ),
    "a day that there is not": Bad(
        {**GOOD, "transactionDate": "2026-02-30T00:00:00Z"}, 400, "0077", "transactionDate", "a time"
    ),
    "a date that no year of UTC has": Bad(
        {**GOOD, "transactionDate": "0001-01-01T00:00:00+23:59"}, 400, "0077", "transactionDate", "a time"
    ),
    "an expiry that no year of UTC has": Bad(
        {**GOOD, "pending": True, "expiresAt": "9999-12-31T23:59:59-12:00"}, 400, "0077", "expiresAt", "a time"
    ),
    "a date that is a number": Bad({**GOOD, "transactionDate": 1768473600}, 400, "0077", "transactionDate", "a time"),
    "an expiry that is none": Bad(
        {**GOOD, "pending": True, "expiresAt": "tomorrow"}, 400, "0077", "expiresAt", "a time"
    ),
}
"""What is wrong with a field."""

DEEP = {
    "eleven levels": Bad({**GOOD, "metadata": json.loads("[" * 10 + "]" * 10)}, 400, "0047", "metadata", "10 levels"),
}
"""What is wrong with the whole."""

LEGS = {
    "a leg of nothing": Bad(source({"accountAlias": ALICE}), 400, "0072", FROM, "exactly one of"),
    "a leg of nulls": Bad(
        source({"accountAlias": ALICE, "amount": None, "share": None, "remaining": None}), 400, "0072", FROM, "exactly"
    ),
    "an amount and a share": Bad(with_leg(share={"percentage": 50}), 400, "0072", FROM, "exactly one of"),
    "an amount and the rest": Bad(with_leg(remaining="remaining"), 400, "0072", FROM, "exactly one of"),
    "a share and the rest": Bad(
        source({**leg(ALICE, 50), "remaining": "remaining"}), 400, "0072", FROM, "exactly one of"
    ),
    "two rests on one side": Bad(source(leg(ALICE), leg(BOB)), 400, "0072", None, "More than one leg of the source"),
    "nothing": Bad(payment(ALICE, SHOP, "0"), 422, "0125", None, "not above zero"),
    "nothing, with decimals": Bad(payment(ALICE, SHOP, "0.00"), 422, "0125", None, "not above zero"),
    "less than nothing": Bad(payment(ALICE, SHOP, "-10"), 422, "0125", None, "-10 is not above zero"),
    "a leg of nothing at all": Bad(source(leg(ALICE, "10"), leg(BOB, "0")), 422, "0125", None, "not above zero"),
    "a leg below zero": Bad(source(leg(ALICE, "11"), leg(BOB, "-1")), 422, "0125", None, "-1 is not above zero"),
    "a leg of another asset": Bad(source(BIT), 422, "0030", None, "an amount of BTC"),
    "a balance on both sides": Bad(payment(ALICE, ALICE, "10"), 422, "0090", None, "'default' of the account @alice"),
    "a balance on both sides among others": Bad(
        {"send": send("10", [leg(ALICE, 50), leg(BOB)], [leg(SHOP, 50), leg(BOB)])}, 422, "0090", None, "@bob"
    ),
    "a pending one from outside": Bad(
        payment(OUTSIDE, SHOP, "10", pending=True), 422, "0098", None, "external account cannot be pending"
    ),
    "99 legs": Bad(
        {"send": send("0.98", [leg(ALICE, "0.98")], [leg(SHOP, "0.01")] * 98)}, 413, "0143", None, "99 postings"
    ),
    "4,000 legs": Bad(
        {"send": send("10", [leg(ALICE)], [{"accountAlias": SHOP, "share": {"percentage": 0.025}}] * 4_000)},
        413,
        "0143",
        "send.distribute.to",
        "4000 legs; at most 98",
    ),
}
"""What legs cannot be like, whoever's they are."""

STANDS = {
    "an unknown source": Bad(payment(NOBODY, SHOP, "10"), 422, "0019", None, "no account @nobody"),
    "an unknown destination": Bad(payment(ALICE, NOBODY, "10"), 422, "0019", None, "no account @nobody"),
    "an unknown balance": Bad(with_leg(balanceKey="savings"), 422, "0019", None, "a balance 'savings'"),
    "an alias in another case": Bad(payment("@Alice", SHOP, "10"), 422, "0019", None, "no account @Alice"),
    "no such asset": Bad(
        {"send": send("10", [leg("@external/ETH", "10", "ETH")], [leg(SHOP)], asset="ETH")}, 422, "0019", None, "ETH"
    ),
    "an account of another asset": Bad(
        {"send": send("10", [leg("@bit", "10", "BTC")], [leg(SHOP)], asset="BTC")}, 422, "0030", None, "@shop is of BRL"
    ),
    "accounts of another asset": Bad(
        {"send": send("10", [leg(ALICE, "10", "BTC")], [leg(SHOP)], asset="BTC")}, 422, "0030", None, "is of BRL"
    ),
    "more than there is": Bad(payment(ALICE, SHOP, "100.01"), 422, "0018", None, "@alice has 100 BRL available"),
    "more than there is, pending": Bad(payment(ALICE, SHOP, "100.01", pending=True), 422, "0018", None, "has 100 BRL"),
    "more than there is in one of two": Bad(
        source(leg(ALICE, "9"), leg(BOB, "1")), 422, "0018", None, "@bob has 0 BRL available, and 1 would be taken"
    ),
    "twice what there is once": Bad(
        {"send": send("200", [leg(ALICE, "100"), leg(ALICE, "100")], [leg(SHOP)])}, 422, "0018", None, "has 0 BRL"
    ),
    "from who is blocked": Bad(payment("@blocked", SHOP, "1"), 422, "0024", None, "@blocked is blocked"),
    "to who is blocked": Bad(payment(ALICE, "@blocked", "1"), 422, "0024", None, "@blocked is blocked"),
    "from who may not send": Bad(payment("@silent", SHOP, "1"), 422, "0024", None, "@silent may not send"),
    "to who may not receive": Bad(payment(ALICE, "@silent", "1"), 422, "0024", None, "@silent may not receive"),
    "finer than the asset": Bad(payment(ALICE, SHOP, "0.001"), 422, "9008", None, "finer than BRL"),
    "a date in the future": Bad({**GOOD, **SOON}, 422, "0121", "transactionDate", "lies in the future"),
    "an expiry in the past": Bad(
        {**GOOD, "pending": True, "expiresAt": "2026-01-14T00:00:00Z"}, 400, "0083", "expiresAt", "past"
    ),
    "a date in the future, of nobody's": Bad(
        {**payment(NOBODY, SHOP, "1"), **SOON}, 422, "0121", "transactionDate", "lies in the future"
    ),
}
"""What a ledger with these accounts stands against."""


@pytest.fixture
def busy(bank: Bank) -> Bank:
    """A bank with an account that is blocked, one that may do nothing, and one of another asset; each has money."""
    bank.open("@blocked", "10")
    bank.block("@blocked")
    bank.open("@silent", "10")
    bank.allow("@silent", allowSending=False, allowReceiving=False)
    bank.books.add("BTC")
    bank.open("@bit", "10", asset="BTC")
    return bank


def check(bank: Bank, kind: str, bad: Bad) -> None:
    """A body is refused for what is bad in it, with a key and without."""
    for key in (None, "a key"):
        fields = [] if bad.field is None else [bad.field]
        assert bad.says in refused(bank.post(kind, bad.body, key), bad.status, bad.code, *fields)


@pytest.mark.parametrize("bad", (FIELDS | DEEP | LEGS).values(), ids=FIELDS | DEEP | LEGS)
def test_what_is_wrong_with_a_body_is_refused_and_nothing_has_changed(
    bank: Bank, everything: Everything, bad: Bad
) -> None:
    before = everything()
    check(bank, "json", bad)
    assert everything() == before


@pytest.mark.parametrize("bad", STANDS.values(), ids=STANDS)
def test_what_the_ledger_stands_against_is_refused_and_nothing_has_changed(
    busy: Bank, everything: Everything, bad: Bad
) -> None:
    before = everything()
    check(busy, "json", bad)
    assert everything() == before


@pytest.mark.parametrize("bad", FIELDS.values(), ids=FIELDS)
def test_in_a_batch_the_field_is_named_with_its_place_and_nothing_is_made(
    bank: Bank, everything: Everything, bad: Bad
) -> None:
    before = everything()
    assert bad.field
    batch = {"transactions": [GOOD, bad.body]}
    assert bad.says in refused(bank.post("batch", batch), bad.status, bad.code, f"transactions.1.{bad.field}")
    assert everything() == before


# ---------------------------------------------------------------------------------------------------------- other forms

FORMS = {
    "an inflow with a source": ("inflow", Bad({"send": GOOD["send"]}, 400, "0053", "send.source", "not known")),
    "a pending inflow": ("inflow", Bad({"send": IN, "pending": True}, 400, "0053", "pending", "not known")),
    "an inflow without legs": ("inflow", Bad({"send": send("1", to=[])}, 422, "0073", None, "has no legs")),
    "an inflow to the outside": (
        "inflow",
        Bad({"send": send("1", to=[leg(OUTSIDE)])}, 422, "0090", None, OUTSIDE),
    ),
    "an inflow of an unknown asset": ("inflow", Bad({"send": {**IN, "asset": "ETH"}}, 422, "0019", None, "ETH")),
    "an inflow to nobody": ("inflow", Bad({"send": send("1", to=[leg(NOBODY)])}, 422, "0019", None, NOBODY)),
    "an outflow with a destination": ("outflow", Bad({"send": GOOD["send"]}, 400, "0053", "send.distribute", "not")),
    "an outflow without legs": ("outflow", Bad({"send": send("1", [])}, 422, "0073", None, "has no legs")),
    "an outflow from the outside": ("outflow", Bad({"send": send("1", [leg(OUTSIDE)])}, 422, "0090", None, OUTSIDE)),
    "an outflow of too much": ("outflow", Bad({"send": send("101", [leg(ALICE)])}, 422, "0018", None, "has 100 BRL")),
    "a pending annotation": ("annotation", Bad({**GOOD, "pending": True}, 400, "0053", "pending", "not known")),
    "an annotation of nobody": ("annotation", Bad(payment(NOBODY, SHOP, "1"), 422, "0019", None, NOBODY)),
    "an annotation of another asset": ("annotation", Bad(source(BIT), 422, "0030", None, "BTC")),
    "an annotation on both sides": ("annotation", Bad(payment(ALICE, ALICE, "1"), 422, "0090", None, ALICE)),
    "an annotation in the future": ("annotation", Bad({**GOOD, **SOON}, 422, "0121", "transactionDate", "future")),
}
"""What the other forms refuse."""


@pytest.mark.parametrize(("form", "bad"), FORMS.values(), ids=FORMS)
def test_each_form_refuses_what_it_is_not_for(bank: Bank, everything: Everything, form: str, bad: Bad) -> None:
    before = everything()
    check(bank, form, bad)
    assert everything() == before


@pytest.mark.parametrize("form", ["json", "inflow", "outflow", "annotation", "batch"])
@pytest.mark.parametrize("body", ["", "[]", "null", "{", '{"send":{},"send":{}}', '{"send":NaN}'])
def test_what_is_no_json_object_is_malformed(bank: Bank, everything: Everything, form: str, body: str) -> None:
    before = everything()
    answer = bank.post(form, body)
    refused(answer, 400, "0094", *answer.json.get("fields", {}))
    assert everything() == before


@pytest.mark.parametrize("form", ["json", "inflow", "outflow", "annotation"])
def test_in_a_ledger_that_is_not_there_nothing_is_made(bank: Bank, everything: Everything, form: str) -> None:
    before = everything()
    body = {
        "json": GOOD,
        "annotation": GOOD,
        "inflow": without(GOOD, "send", "source"),
        "outflow": without(GOOD, "send", "distribute"),
    }[form]
    for path in (
        f"{bank.books.ledgers}/{NOBODYS}/transactions",
        bank.transactions.replace(bank.books.organization_id, NOBODYS),
    ):
        refused(bank.client.post(f"{path}/{form}", body), 404, "0037")
        refused(bank.client.post(f"{path}/{form}", body, Idempotency_Key="one"), 404, "0037")
    assert everything() == before


# ------------------------------------------------------------------------------------------------ accounts and balances


def test_an_account_re_opened_under_a_used_alias_is_refused(bank: Bank, everything: Everything) -> None:
    made(bank.pay(ALICE, SHOP, "100"))
    gone(bank.client.delete(bank.path(ALICE)))
    before = everything()
    body = {"assetCode": "BRL", "type": "deposit", "alias": ALICE}
    refused(bank.client.post(bank.accounts, body), 409, "0020", "alias")
    assert everything() == before
    refused(bank.pay(SHOP, ALICE, "1"), 422, "0019")
    assert everything() == before


def test_a_second_balance_key_on_an_external_account_is_refused(bank: Bank, everything: Everything) -> None:
    external = done(bank.client.get(f"{bank.accounts}/external/BRL"))["id"]
    before = everything()
    refused(bank.client.post(f"{bank.accounts}/{external}/balances", {"key": "savings"}), 400, "0124")
    body = {"send": send("1", [leg(OUTSIDE, "1", balanceKey="savings")], [leg(SHOP)])}
    refused(bank.post("json", body), 422, "0019")
    assert everything() == before


def test_accounts_of_a_deleted_asset_are_dead_and_stay_so_under_a_new_one_of_the_same_code(
    bank: Bank, everything: Everything
) -> None:
    made(bank.outflow(ALICE, "100"))
    (asset,) = done(bank.client.get(bank.books.assets))
    gone(bank.client.delete(f"{bank.books.assets}/{asset['id']}"))
    before = everything()
    refused(bank.inflow(SHOP, "1"), 422, "0019")
    assert everything() == before
    bank.books.add("BRL", name="Another")
    bank.open("@new", "5")
    before = everything()
    refused(bank.inflow(SHOP, "1"), 422, "0030")
    refused(bank.pay("@new", SHOP, "1"), 422, "0030")
    assert everything() == before


def test_every_refusal_of_a_transaction_has_its_code() -> None:
    """The codes of the contract's table, so that none is given a second meaning."""
    codes = {error.code: error.status for error in LEDGER.values()}
    expected = {"0018": 422, "0019": 422, "0024": 422, "0030": 422, "0072": 400, "0073": 422, "0083": 400, "0084": 422}
    expected |= {"0087": 409, "0088": 409, "0089": 422, "0090": 422, "0098": 422, "0099": 409, "0121": 422, "0125": 422}
    assert codes.items() >= {**expected, "0143": 413, "9007": 422, "9008": 422}.items()
