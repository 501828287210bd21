"""What things of a ledger are called: codes of assets, aliases of accounts, keys of balances."""

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from coffer.ledger.entries import is_external
from coffer.ledger.refusal import Reason
from coffer.models.base import refuse

MAX_CODE_LENGTH = 100
_CODE = re.compile(r"[A-Z][A-Z0-9]*")


def is_code(text: str) -> bool:
    """Whether a text can be the code of an asset."""
    return len(text) <= MAX_CODE_LENGTH and _CODE.fullmatch(text) is not None


def _code(code: str) -> str:
    if len(code) > MAX_CODE_LENGTH:
        raise refuse(Reason.CODE_FORMAT, f"has {len(code)} characters; 1 to {MAX_CODE_LENGTH} are allowed")
    if _CODE.fullmatch(code):
        return code
    if code.isascii() and _CODE.fullmatch(code.upper()):
        raise refuse(Reason.CODE_NOT_UPPER_CASE, f"must be upper case: {code.upper()}")
    raise refuse(Reason.CODE_FORMAT, "must be letters A-Z and digits, first a letter")


type AssetCode = Annotated[
    str,
    AfterValidator(_code),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z][A-Z0-9]*$", "maxLength": MAX_CODE_LENGTH}),
]
"""The code of an asset."""

MAX_ALIAS_LENGTH = 100

_ALIAS = re.compile(rf"[A-Za-z0-9@:_.-]{{1,{MAX_ALIAS_LENGTH}}}")
_EXTERNAL_ALIAS = re.compile(r"@external/[A-Z][A-Z0-9]{0,99}")
_FORM = f"must be 1 to {MAX_ALIAS_LENGTH} characters of A-Z, a-z, 0-9, @, :, _, . and -"


def is_alias(text: str) -> bool:
    """Whether a text can be the alias of an account, an external one included."""
    return bool(_ALIAS.fullmatch(text) or _EXTERNAL_ALIAS.fullmatch(text))


def _own_alias(alias: str) -> str:
    if is_external(alias):
        raise refuse(Reason.ALIAS_INVALID, "may not start with @external/, which is for the ledger's external accounts")
    return _name(alias)


def _name(text: str) -> str:
    if not _ALIAS.fullmatch(text):
        raise refuse(Reason.ALIAS_INVALID, _FORM)
    return text


def _any_alias(alias: str) -> str:
    if not is_alias(alias):
        raise refuse(Reason.ALIAS_INVALID, f"{_FORM}, or @external/ and the code of an asset")
    return alias


_SCHEMA = {"type": "string", "pattern": f"^{_ALIAS.pattern}$"}

type OwnAlias = Annotated[str, AfterValidator(_own_alias), WithJsonSchema(_SCHEMA)]
"""The alias of an account that is not external."""

type Alias = Annotated[
    str,
    AfterValidator(_any_alias),
    WithJsonSchema({"type": "string", "pattern": f"^({_ALIAS.pattern}|{_EXTERNAL_ALIAS.pattern})$"}),
]
"""The alias of any account."""

type BalanceKey = Annotated[str, AfterValidator(_name), WithJsonSchema(_SCHEMA)]
"""Which balance of an account."""
