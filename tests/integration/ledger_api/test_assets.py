"""Assets: what a ledger counts, each with a code and a name of its own."""

from unicodedata import normalize

import pytest

from tests.integration.ledger_api.books import ASSET, NOBODYS, Books, counted, done, gone, made, refused
from tests.integration.stores import on_every_store


def test_a_name_a_type_and_a_code_are_enough(books: Books) -> None:
    answer = made(books.client.post(books.assets, ASSET)).json
    expected = {
        "organizationId": books.organization_id,
        "ledgerId": books.ledger_id,
        **ASSET,
        "decimals": None,
        "status": {"code": "ACTIVE", "description": None},
        "metadata": {},
        "deletedAt": None,
    }
    assert answer.items() >= expected.items()
    assert answer.keys() == expected.keys() | {"id", "createdAt", "updatedAt"}


@pytest.mark.parametrize("field", ["name", "type", "code"])
def test_name_type_and_code_are_required(books: Books, field: str) -> None:
    body = {name: value for name, value in ASSET.items() if name != field}
    refused(books.client.post(books.assets, body), 400, "0009", field)


# ------------------------------------------------------------------------------------------------ type, code, decimals


@pytest.mark.parametrize("kind", ["crypto", "currency", "commodity", "others"])
def test_a_type_is_one_of_four(books: Books, kind: str) -> None:
    assert books.add("XAU", type=kind).json["type"] == kind


@pytest.mark.parametrize("kind", ["Crypto", "token", "", 1, None])
def test_any_other_type_is_refused(books: Books, kind: object) -> None:
    said = refused(books.client.post(books.assets, {**ASSET, "type": kind}), 400, "0040", "type")
    assert "'crypto', 'currency', 'commodity' or 'others'" in said


@pytest.mark.parametrize("code", ["A", "A1", "USDTETHEREUM", "X" * 100])
def test_a_code_is_upper_case_letters_and_digits_first_a_letter(books: Books, code: str) -> None:
    assert books.add(code).json["code"] == code


@pytest.mark.parametrize("code", ["btc", "bTC", "Btc1"])
def test_a_code_in_lower_case_is_refused_and_not_folded(books: Books, code: str) -> None:
    assert code.upper() in refused(books.client.post(books.assets, {**ASSET, "code": code}), 400, "0004", "code")
    assert books.listed() == []


@pytest.mark.parametrize("code", ["", "1INCH", "BT-C", "BT C", "BTC#1", "AÇÃO", "X" * 101])
def test_a_code_of_another_form_is_refused(books: Books, code: str) -> None:
    refused(books.client.post(books.assets, {**ASSET, "code": code}), 400, "0033", "code")


@pytest.mark.parametrize("code", ["BRL", "USD", "JPY", "XAU"])
def test_a_currency_is_one_of_iso_4217(books: Books, code: str) -> None:
    assert books.add(code, type="currency").json["code"] == code


@pytest.mark.parametrize("code", ["BTC", "DEM", "BR"])
def test_any_other_currency_is_refused_with_the_date_of_the_list(books: Books, code: str) -> None:
    said = refused(books.client.post(books.assets, {**ASSET, "type": "currency", "code": code}), 400, "0005", "code")
    assert "ISO 4217 (list of 20" in said


@pytest.mark.parametrize("decimals", [0, 2, 36, None])
def test_decimals_are_0_to_36_or_left_open(books: Books, decimals: int | None) -> None:
    created = books.add(decimals=decimals)
    assert created.json["decimals"] == decimals
    assert done(books.client.get(f"{books.assets}/{created.id}"))["decimals"] == decimals


@pytest.mark.parametrize("decimals", [-1, 37, 2.5, 2.0, "2", True, 1e2])
def test_any_other_decimals_are_refused(books: Books, decimals: object) -> None:
    refused(books.client.post(books.assets, {**ASSET, "decimals": decimals}), 400, "0047", "decimals")


# ---------------------------------------------------------------------------------------------------- names and codes


@on_every_store
def test_a_code_is_given_once_in_a_ledger(books: Books) -> None:
    books.add("BTC")
    said = refused(books.client.post(books.assets, {**ASSET, "name": "Another"}), 409, "0003", "code")
    assert "'BTC'" in said


@on_every_store
def test_a_name_is_given_once_in_a_ledger(books: Books) -> None:
    books.add("BTC", name="Bitcoin")
    said = refused(books.client.post(books.assets, {**ASSET, "code": "XBT"}), 409, "0003", "name")
    assert "'Bitcoin'" in said


def test_a_refused_duplicate_is_not_counted(books: Books) -> None:
    books.add("BTC")
    refused(books.client.post(books.assets, {**ASSET, "name": "Another"}), 409, "0003", "code")
    assert counted(books.client.head(f"{books.assets}/metrics/count")) == 1


def test_another_ledger_may_use_the_same_code_and_name_with_another_configuration(books: Books) -> None:
    other = made(books.client.post(books.ledgers, {"name": "Second"})).id
    books.add("BTC", name="Bitcoin", decimals=8)
    path = f"{books.ledgers}/{other}/assets"
    assert made(books.client.post(path, {**ASSET, "decimals": 2})).json["decimals"] == 2
    assert done(books.client.get(books.assets))[0]["decimals"] == 8


@pytest.mark.parametrize("name", ["bitcoin", "BITCOIN", "Bitcoin "])
def test_names_are_compared_exactly(books: Books, name: str) -> None:
    books.add("BTC", name="Bitcoin")
    books.add("XBT", name=name)


def test_names_that_unicode_calls_equivalent_are_equal(books: Books) -> None:
    composed, decomposed = normalize("NFC", "Crédito"), normalize("NFD", "Crédito")
    first = books.add("A", name=composed)
    refused(books.client.post(books.assets, {**ASSET, "name": decomposed}), 409, "0003", "name")
    answer = done(books.client.patch(f"{books.assets}/{first.id}", {"name": decomposed}))
    assert answer["name"] == decomposed
    refused(books.client.post(books.assets, {**ASSET, "name": composed}), 409, "0003", "name")


@on_every_store
def test_an_asset_cannot_be_renamed_to_a_name_that_is_taken(books: Books) -> None:
    books.add("BTC", name="Bitcoin")
    ether = f"{books.assets}/{books.add('ETH', name='Ether').id}"
    refused(books.client.patch(ether, {"name": "Bitcoin"}), 409, "0003", "name")
    assert done(books.client.get(ether))["name"] == "Ether"


def test_a_renamed_asset_leaves_its_name_to_others(books: Books) -> None:
    first = books.add("BTC", name="Bitcoin")
    done(books.client.patch(f"{books.assets}/{first.id}", {"name": "Bitcoin Core"}))
    refused(books.client.post(books.assets, {**ASSET, "code": "A", "name": "Bitcoin Core"}), 409, "0003", "name")
    books.add("BCH", name="Bitcoin")


def test_a_name_and_a_code_do_not_get_in_each_others_way(books: Books) -> None:
    books.add("BTC", name="ETH")
    books.add("ETH", name="BTC")
    assert books.listed() == ["BTC", "ETH"]


# ------------------------------------------------------------------------------------------------------------- changes


@pytest.mark.parametrize(
    ("field", "value"),
    [("type", "crypto"), ("code", "BTC"), ("code", "XBT"), ("decimals", 8), ("decimals", None), ("ledgerId", NOBODYS)],
)
def test_name_status_and_metadata_change_and_nothing_else(books: Books, field: str, value: object) -> None:
    path = f"{books.assets}/{books.add('BTC').id}"
    refused(books.client.patch(path, {"name": "Renamed", field: value}), 400, "0053", field)
    assert done(books.client.get(path))["name"] == "The BTC"


# -------------------------------------------------------------------------------------------------------------- places


def test_an_asset_is_in_its_ledger_and_in_no_other(books: Books) -> None:
    asset = books.add("BTC").id
    other = made(books.client.post(books.ledgers, {"name": "Second"})).id
    misplaced = f"{books.ledgers}/{other}/assets/{asset}"
    refused(books.client.get(misplaced), 404, "0007")
    refused(books.client.patch(misplaced, {"metadata": {}}), 404, "0007")
    refused(books.client.delete(misplaced), 404, "0007")
    assert done(books.client.get(f"{books.ledgers}/{other}/assets")) == []
    assert counted(books.client.head(f"{books.ledgers}/{other}/assets/metrics/count")) == 0


def test_without_a_ledger_there_are_no_assets(books: Books) -> None:
    nowhere = f"{books.ledgers}/{NOBODYS}/assets"
    refused(books.client.post(nowhere, ASSET), 404, "0037")
    refused(books.client.get(nowhere), 404, "0037")
    refused(books.client.get(f"{nowhere}?type=crypto&limit=5"), 404, "0037")
    refused(books.client.head(f"{nowhere}/metrics/count"), 404, "0037")


def test_counts_follow_creates_and_deletes_at_once(books: Books) -> None:
    count = f"{books.assets}/metrics/count"
    created = [books.add(code).id for code in ("BTC", "ETH", "SOL")]
    assert counted(books.client.head(count)) == 3
    gone(books.client.delete(f"{books.assets}/{created[1]}"))
    assert counted(books.client.head(count)) == 2
