"""A function may do what its code does, and nothing else.

What it does is recorded while it serves its sample event and the further requests below: each of them plain, overtaken
by somebody else's write, and in doubt whether it was done. What is granted and never used fails here, and so does what
is used and not granted.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final, cast

import pytest

from coffer.ledger.refusal import Refusal
from local.samples import EMPTY_LEDGER, EMPTY_ORGANIZATION, ORGANIZATION
from tests.support.dynamodb.errors import reason
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults, Request
from tests.support.functions import Function, functions
from tests.support.parameters import given
from tests.support.samples import SIGNING_KEY_ARN, invoke, sample_event, sample_world
from tests.support.template import table_definition
from tests.support.transform import transformed
from tests.support.world import Call, Recorder

type Event = dict[str, Any]
type Permission = tuple[str, str]
"""An action, and the resource that it is done to."""

_TRANSFER = json.loads(sample_event("wallet_transactions", "create")["body"])
_DEPOSIT = json.loads(sample_event("settlement", "create_deposit")["body"])

FURTHER: dict[str, list[Event]] = {
    **{
        name: [{"pathParameters": {"organization_id": ORGANIZATION, "ledger_id": EMPTY_LEDGER}}]
        for name in (
            "assets/list",
            "portfolios/list",
            "portfolios/count",
            "segments/list",
            "segments/count",
            "accounts/count",
            "transactions/count",
        )
    },
    "accounts/update": [{"body": json.dumps({"blocked": True})}],
    **{
        f"transactions/create_{kind}": [
            {"pathParameters": {"organization_id": ORGANIZATION, "ledger_id": EMPTY_LEDGER}}
        ]
        for kind in ("json", "inflow", "outflow", "annotation")
    },
    "ledgers/list": [{"pathParameters": {"organization_id": EMPTY_ORGANIZATION}}],
    "wallets/list": [{"rawQueryString": "page=2"}],
    "wallet_accounts/list": [{"rawQueryString": ""}],
    "wallet_assets/list": [{"rawQueryString": ""}],
    "wallet_transactions/create": [
        {"body": json.dumps(_TRANSFER | {"to_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"})}
    ],
    "settlement/create_deposit": [
        {"body": json.dumps(_DEPOSIT | {"contract_address": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"})}
    ],
    "organizations/update": [{"body": json.dumps({"parentOrganizationId": EMPTY_ORGANIZATION})}],
}
"""What differs from the sample event in requests that take another way through the code."""

WRITE: Final = "transact_write_items"
ANOTHERS: Final = reason("ConditionalCheckFailed", item={"attempt": {"S": "another's"}})
"""A condition that fails on what somebody else has written, or given up."""
AUTHORIZER = "auth/authorizer"
"""It has no route, and stands before those of all others."""
SIGNING_KEYS = ("SigningKey", "AdditionalSigningKeyArns")
ACTIONS = {
    "get_item": "dynamodb:GetItem",
    "query": "dynamodb:Query",
    "scan": "dynamodb:Scan",
    "Get": "dynamodb:GetItem",
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "sign": "kms:Sign",
    "get_public_key": "kms:GetPublicKey",
}
"""A transaction needs what its actions need, and has no action of its own.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
"""

every_function = pytest.mark.parametrize("function", functions(), ids=lambda function: function.logical_id)


@every_function
def test_what_a_function_may_do_is_what_it_does(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_KEY_ARN", SIGNING_KEY_ARN)
    events = [
        sample_event(function.folder, function.module) | further for further in [{}, *FURTHER.get(function.name, [])]
    ]
    used = {permission for event in events for call in calls_of(function, event) for permission in needed(call)}
    assert used == set(granted(function))


@every_function
def test_a_function_s_policies_are_plain_statements_without_a_wildcard(function: Function) -> None:
    for policy in function.properties.get("Policies", []):
        assert policy.keys() == {"Statement"}
    for statement in function.statements:
        assert statement.keys() == {"Effect", "Action", "Resource"}
        assert statement["Effect"] == "Allow"
        assert "*" not in json.dumps(statement)


@every_function
def test_only_who_serves_no_requests_may_read_the_whole_table(function: Function) -> None:
    if function.routes or function.name == AUTHORIZER:
        assert "dynamodb:Scan" not in {action for action, _ in granted(function)}


@every_function
def test_a_role_holds_the_function_s_policies_and_lambda_s_own_for_logs(function: Function) -> None:
    role = transformed()[f"{function.logical_id}Role"]["Properties"]
    assert role["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
    statements = [each for policy in role.get("Policies", []) for each in policy["PolicyDocument"]["Statement"]]
    assert statements == list(function.statements)


OTHER_KEYS = [f"arn:aws:kms:eu-central-1:111122223333:key/{name}" for name in ("second", "third")]


@pytest.mark.parametrize("others", [[], OTHER_KEYS[:1], OTHER_KEYS], ids=len)
@pytest.mark.parametrize(
    ("function", "action"), [("AccessTokenFunction", "kms:Sign"), ("PublishSigningKeyFunction", "kms:GetPublicKey")]
)
def test_the_stack_s_key_and_any_number_of_others_may_sign(function: str, action: str, others: list[str]) -> None:
    """From one key to the next and the one after it: the key that signs never loses its permission for that."""
    role = given(transformed()[f"{function}Role"], AdditionalSigningKeyArns=",".join(others))
    statements = [each for policy in role["Properties"]["Policies"] for each in policy["PolicyDocument"]["Statement"]]
    keys = [key for each in statements if each["Action"] == action for key in _listed(each["Resource"])]
    own = {"Fn::GetAtt": ["SigningKey", "Arn"]}
    assert keys[0] == own
    assert keys[1:] == others if others else keys[1:] == [own]


def calls_of(function: Function, event: Event) -> Iterator[Call]:
    """What a function asks of the table and of KMS: for a plain request, an overtaken one, and ones in doubt."""
    plain = list(_recorded(function, event))
    yield from plain
    actions = max((len(call.request["TransactItems"]) for call in plain if call.operation == WRITE), default=0)
    if actions:
        yield from _recorded(function, event, lambda faults: faults.cancel("TransactionConflict"))
    for action in range(actions):
        yield from _recorded(function, event, partial(_doubt, action))


def _doubt(action: int, faults: Faults) -> None:
    """A write that may have been done, and, repeated, fails the condition of one of its actions."""

    def has_it(request: Request) -> bool:
        return len(request["TransactItems"]) > action

    faults.fail(WRITE, "InternalServerError", when=has_it)
    faults.cancel(*[None] * action, ANOTHERS, when=has_it, nth=2)


def _recorded(function: Function, event: Event, plan: Callable[[Faults], object] = lambda _: None) -> Iterator[Call]:
    fake = FakeDynamoDB(table_definition())
    faults = Faults(fake)
    world = sample_world(faults, fake=fake)
    plan(faults)
    with suppress(Refusal):  # an operator's function raises it
        invoke(world, function.folder, function.module, event)
    assert faults.struck == len(faults.plans)
    yield from world.recorder.calls
    yield from cast("Recorder", world.runtime.kms()).calls


def needed(call: Call) -> Iterator[Permission]:
    """What a call needs to be permitted."""
    match call.operation:
        case "transact_get_items" | "transact_write_items":
            for action in call.request["TransactItems"]:
                yield from ((ACTIONS[kind], "Table") for kind in action)
        case "sign" | "get_public_key" as operation:
            yield from ((ACTIONS[operation], key) for key in SIGNING_KEYS)
        case operation:
            index = call.request.get("IndexName")
            yield ACTIONS[operation], f"Table/index/{index}" if index else "Table"


def granted(function: Function) -> Iterator[Permission]:
    """What a function is permitted."""
    for statement in function.statements:
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                yield action, _name(resource)


def _name(resource: dict[str, Any]) -> str:
    match resource:
        case {"Fn::If": ["HasRestoredTable", _, own]}:
            return _name(own)
        case {"Fn::GetAtt": [str(name), "Arn"]}:
            return name
        case {"Fn::Sub": str(text)} if text.startswith("${Table.Arn}/index/"):
            return text.replace("${Table.Arn}", "Table")
        case {"Fn::If": ["HasAdditionalSigningKeys", {"Fn::Split": [",", {"Ref": str(keys)}]}, _]}:
            return keys
    raise AssertionError(f"no function needs {resource}")


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
