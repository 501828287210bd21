"""What the fields of organizations, ledgers and assets may hold."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from coffer.ledger.refusal import Reason
from coffer.models.assets import AssetChange, NewAsset
from coffer.models.iso3166 import COUNTRIES
from coffer.models.iso4217 import MINOR_UNITS, PUBLISHED
from coffer.models.ledgers import LedgerChange, NewLedger
from coffer.models.organizations import NewOrganization, OrganizationChange


def ledger(**fields: object) -> NewLedger:
    """A ledger with some fields."""
    return NewLedger.model_validate({"name": "Main", **fields})


def asset(**fields: object) -> NewAsset:
    """An asset with some fields."""
    return NewAsset.model_validate({"name": "Bitcoin", "type": "crypto", "code": "BTC", **fields})


def organization(**fields: object) -> NewOrganization:
    """An organization with some fields."""
    return NewOrganization.model_validate({"legalName": "Acme", "legalDocument": "1", **fields})


def problem(make: Callable[[], object]) -> tuple[str, str]:
    """The field and the kind of the one thing that is wrong."""
    with pytest.raises(ValidationError) as invalid:
        make()
    (error,) = invalid.value.errors()
    return ".".join(map(str, error["loc"])), error["type"]


# ------------------------------------------------------------------------------------------------------ names, statuses


@pytest.mark.parametrize("name", ["x", "x" * 256, "ação 😀", " padded ", "0"])
def test_a_name_has_1_to_256_characters(name: str) -> None:
    assert ledger(name=name).name == name


@pytest.mark.parametrize("name", ["", "x" * 257, " ", "\t\n\u2003"])
def test_any_other_name_is_refused(name: str) -> None:
    assert problem(lambda: ledger(name=name))[0] == "name"


def test_characters_are_counted_not_bytes() -> None:
    assert len(ledger(name="😀" * 256).name) == 256


def test_a_status_that_is_left_out_is_active() -> None:
    for made in (ledger(), asset(), organization()):
        assert made.status.model_dump() == {"code": "ACTIVE", "description": None}


@pytest.mark.parametrize(
    ("code", "description"), [("001", "Active"), ("x" * 100, "y" * 256), ("Pre-launch", None), ("x", "")]
)
def test_a_status_is_the_users_own_vocabulary(code: str, description: str | None) -> None:
    status = ledger(status={"code": code, "description": description}).status
    assert (status.code, status.description) == (code, description)


@pytest.mark.parametrize(
    ("status", "field"),
    [
        (None, "status"),
        ("ACTIVE", "status"),
        ({}, "status.code"),
        ({"code": ""}, "status.code"),
        ({"code": "x" * 101}, "status.code"),
        ({"code": None}, "status.code"),
        ({"code": 1}, "status.code"),
        ({"code": "x", "description": "y" * 257}, "status.description"),
        ({"code": "x", "description": 1}, "status.description"),
        ({"code": "x", "more": 1}, "status.more"),
    ],
)
def test_any_other_status_is_refused(status: object, field: str) -> None:
    assert problem(lambda: ledger(status=status))[0] == field


# ------------------------------------------------------------------------------------------------------------ metadata


def test_metadata_that_is_left_out_is_empty() -> None:
    assert ledger().metadata == {}


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"text": "x", "whole": 1, "number": 200.98, "yes": True, "no": False, "empty": ""},
        {f"key {n}": n for n in range(100)},
        {"k" * 100: "v" * 2000},
        {"#/.$ é": "é" * 2000},
        {"n": 10**18 - 1, "m": 1 - 10**18, "f": 1e300},
    ],
)
def test_metadata_is_strings_numbers_and_booleans_up_to_its_limits(metadata: dict[str, Any]) -> None:
    assert ledger(metadata=metadata).metadata == metadata


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({f"key {n}": n for n in range(101)}, Reason.METADATA_KEY),
        ({"k" * 101: 1}, Reason.METADATA_KEY),
        ({"": 1}, Reason.METADATA_KEY),
        ({"a": "v" * 2001}, Reason.METADATA_VALUE),
        ({"a": None}, Reason.METADATA_VALUE),
        ({"a": float("nan")}, Reason.METADATA_VALUE),
        ({"a": float("inf")}, Reason.METADATA_VALUE),
        ({f"key {n}": "v" * 2000 for n in range(9)}, Reason.METADATA_VALUE),
        ({f"key {n}": "é" * 1000 for n in range(9)}, Reason.METADATA_VALUE),
        ({"a": {}}, Reason.METADATA_NESTED),
        ({"a": []}, Reason.METADATA_NESTED),
        ({"a": {"b": 1}}, Reason.METADATA_NESTED),
        (None, Reason.METADATA_VALUE),
        ([], Reason.METADATA_VALUE),
        ("text", Reason.METADATA_VALUE),
    ],
)
def test_any_other_metadata_is_refused_for_its_key_its_value_or_its_nesting(metadata: object, reason: Reason) -> None:
    assert problem(lambda: ledger(metadata=metadata)) == ("metadata", reason)


def test_metadata_takes_16_kib_as_json_and_not_a_byte_more() -> None:
    frame = sum(len(f'"{n}":"",') for n in range(8)) + 1
    full = {str(n): "v" * 2000 for n in range(7)} | {"7": "é" * ((16_384 - frame - 14_000) // 2)}
    spare = 16_384 - frame - 14_000 - 2 * len(full["7"])
    assert ledger(metadata={**full, "7": full["7"] + "v" * spare}).metadata
    assert problem(lambda: ledger(metadata={**full, "7": full["7"] + "v" * (spare + 1)}))[1] == Reason.METADATA_VALUE


# -------------------------------------------------------------------------------------------------------------- assets


@pytest.mark.parametrize("code", ["B", "BTC", "A1", "USDTETHEREUM", "X" * 100])
def test_a_code_is_upper_case_letters_and_digits_first_a_letter(code: str) -> None:
    assert asset(code=code).code == code


@pytest.mark.parametrize("code", ["btc", "bTC", "BTc", "a1", "x" * 100])
def test_lower_case_is_refused_and_never_folded_in_silence(code: str) -> None:
    assert problem(lambda: asset(code=code)) == ("code", Reason.CODE_NOT_UPPER_CASE)


@pytest.mark.parametrize(
    "code",
    ["", "1INCH", "BT-C", "BT C", " BTC", "BTC\n", "BTC#", "ÇÃO", "ß", "\u0131", "btç", "B\u0301", "X" * 101, "\uff22"],
)
def test_any_other_code_is_refused_for_its_format(code: str) -> None:
    assert problem(lambda: asset(code=code)) == ("code", Reason.CODE_FORMAT)


@pytest.mark.parametrize("code", ["BRL", "USD", "XAU", "XTS", "JPY", "CLF"])
def test_a_currencys_code_is_one_of_iso_4217(code: str) -> None:
    assert asset(type="currency", code=code).code == code


@pytest.mark.parametrize("code", ["BTC", "XYZ", "BR", "BRLX", "DEM"])
def test_a_currency_that_iso_4217_does_not_know_is_refused_with_the_lists_date(code: str) -> None:
    assert problem(lambda: asset(type="currency", code=code)) == ("code", Reason.CURRENCY_UNKNOWN)
    with pytest.raises(ValidationError, match=PUBLISHED):
        asset(type="currency", code=code)


@pytest.mark.parametrize("kind", ["crypto", "commodity", "others"])
def test_other_assets_are_free_in_their_codes(kind: str) -> None:
    assert asset(type=kind, code="XYZ").code == "XYZ"


def test_the_list_of_currencies_has_their_minor_units() -> None:
    assert (MINOR_UNITS["BRL"], MINOR_UNITS["JPY"], MINOR_UNITS["BHD"], MINOR_UNITS["CLF"]) == (2, 0, 3, 4)
    assert MINOR_UNITS["XAU"] is None
    assert all(len(code) == 3 and code.isupper() for code in MINOR_UNITS)


@pytest.mark.parametrize("kind", ["", "Crypto", "token", 5, None, []])
def test_a_type_is_one_of_four(kind: object) -> None:
    assert problem(lambda: asset(type=kind)) == ("type", "literal_error")


@pytest.mark.parametrize("decimals", [None, 0, 8, 36])
def test_decimals_are_0_to_36_or_none(decimals: int | None) -> None:
    assert asset(decimals=decimals).decimals == decimals


def test_decimals_that_are_left_out_are_none() -> None:
    assert asset().decimals is None


@pytest.mark.parametrize("decimals", [-1, 37, 2.0, "2", True, []])
def test_any_other_decimals_are_refused(decimals: object) -> None:
    assert problem(lambda: asset(decimals=decimals))[0] == "decimals"


# ------------------------------------------------------------------------------------------------------- organizations


@pytest.mark.parametrize("country", ["BR", "US", "AX", "ZW"])
def test_a_country_is_an_alpha_2_code_of_iso_3166(country: str) -> None:
    made = organization(address={"country": country}).address
    assert made
    assert made.country == country


@pytest.mark.parametrize("country", ["", "br", "BRA", "XX", "UK", "EU", "B", "\uff22R"])
def test_any_other_country_is_refused(country: str) -> None:
    assert problem(lambda: organization(address={"country": country})) == ("address.country", Reason.COUNTRY_UNKNOWN)


def test_there_are_249_countries() -> None:
    assert len(COUNTRIES) == 249


def test_every_line_of_an_address_may_be_left_out() -> None:
    assert organization(address={}).address
    assert organization(address=None).address is None


@pytest.mark.parametrize("field", ["line1", "line2", "zipCode", "city", "state"])
def test_a_line_of_an_address_is_text_of_at_most_256_characters(field: str) -> None:
    assert organization(address={field: "x" * 256}).address
    assert problem(lambda: organization(address={field: "x" * 257}))[0] == f"address.{field}"
    assert problem(lambda: organization(address={field: 1}))[0] == f"address.{field}"


@pytest.mark.parametrize("field", ["legalName", "legalDocument", "doingBusinessAs"])
def test_the_names_of_an_organization_have_1_to_256_characters(field: str) -> None:
    assert "x" * 256 in organization(**{field: "x" * 256}).model_dump().values()
    assert problem(lambda: organization(**{field: "x" * 257}))[0] == field
    assert problem(lambda: organization(**{field: ""}))[0] == field


@pytest.mark.parametrize("parent", ["", "x", "019BC13D-A07B-7ABC-8DEF-0123456789AB", 5])
def test_a_parent_is_named_by_its_id(parent: object) -> None:
    assert problem(lambda: organization(parentOrganizationId=parent))[0] == "parentOrganizationId"


# ------------------------------------------------------------------------------------------------------------- changes


@pytest.mark.parametrize("change", [AssetChange, LedgerChange, OrganizationChange])
def test_a_change_holds_what_was_sent_and_nothing_else(change: type[BaseModel]) -> None:
    assert change.model_validate({}).model_dump() == {}
    assert change.model_validate({"metadata": {}}).model_dump() == {"metadata": {}}


@pytest.mark.parametrize("change", [AssetChange, LedgerChange, OrganizationChange])
@pytest.mark.parametrize("field", ["status", "metadata"])
def test_what_every_resource_has_cannot_be_changed_to_null(change: type[BaseModel], field: str) -> None:
    assert problem(lambda: change.model_validate({field: None}))[0] == field


@pytest.mark.parametrize(
    ("change", "field"), [(AssetChange, "name"), (LedgerChange, "name"), (OrganizationChange, "legalName")]
)
def test_a_name_cannot_be_changed_to_null(change: type[BaseModel], field: str) -> None:
    assert problem(lambda: change.model_validate({field: None}))[0] == field


@pytest.mark.parametrize("field", ["doingBusinessAs", "address", "parentOrganizationId"])
def test_what_an_organization_need_not_have_is_cleared_by_null(field: str) -> None:
    (value,) = OrganizationChange.model_validate({field: None}).model_dump().values()
    assert value is None


@pytest.mark.parametrize(
    "field", ["id", "type", "code", "decimals", "organizationId", "ledgerId", "createdAt", "deletedAt"]
)
def test_of_an_asset_only_name_status_and_metadata_change(field: str) -> None:
    assert problem(lambda: AssetChange.model_validate({field: "x"})) == (field, "extra_forbidden")
