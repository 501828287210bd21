"""A function may do what its code does, and nothing else.

What it does is recorded while it serves its sample event and the further requests below: each of them plain, overtaken
by somebody else's write, and in doubt whether it was done. What is granted and never used fails here, and so does what
is used and not granted.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import replace
from functools import partial
from itertools import chain
from typing import Any, Final, cast

import pytest
from botocore.exceptions import ClientError

from coffer.ids import prefixed
from coffer.ledger.refusal import Refusal
from coffer.models.accounts import NewAccount
from coffer.models.new_transactions import NewTransaction
from coffer.store import accounts, transactions
from coffer.store.keys import LedgerRef
from coffer.store.table import Table
from local.samples import CLIENT, EMPTY_LEDGER, EMPTY_ORGANIZATION, LEDGER, ORGANIZATION, REAL
from tests.support.dynamodb.errors import client_error, reason
from tests.support.fake_dynamodb import FakeDynamoDB
from tests.support.faults import Faults, Request
from tests.support.functions import Function, functions
from tests.support.parameters import given
from tests.support.samples import SIGNING_KEY_ARN, invoke, sample_event, sample_world
from tests.support.template import table_definition
from tests.support.transform import transformed
from tests.support.world import Call, Recorder, World

type Event = dict[str, Any]
type Permission = tuple[str, str]
"""An action, and the resource that it is done to."""

_TRANSFER = json.loads(sample_event("wallet_transactions", "create")["body"])
_DEPOSIT = json.loads(sample_event("settlement", "create_deposit")["body"])

SPLIT, BALANCE_OF_SPLIT, PAID_TO_SPLIT, PAID_BY_SPLIT = (
    f"019bc13d-a000-7000-8000-00000000{number}" for number in ("0085", "0095", "1800", "1c00")
)
"""An account of two shards, its balance, and all that it has got and spent."""


def _of(**what: str) -> Event:
    """A request for something in the ledger."""
    return {"pathParameters": {"organization_id": ORGANIZATION, "ledger_id": LEDGER, **what}}


def _paid_by_split(module: str) -> Event:
    """A sample's payment, which is to be made by who has nothing left on two shards."""
    return {"body": sample_event("transactions", module)["body"].replace("@alice", "@split")}


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
    "assets/delete": [_of(asset_id=REAL)],
    "balances/get": [_of(balance_id=BALANCE_OF_SPLIT)],
    "balances/get_history": [_of(balance_id=BALANCE_OF_SPLIT)],
    "balances/list_history": [_of(account_id=SPLIT)],
    "balances/list_of_account": [_of(account_id=SPLIT)],
    "balances/list_of_alias": [_of(alias="@split")],
    "balances/update": [_of(balance_id=BALANCE_OF_SPLIT) | {"body": json.dumps({"allowSending": True})}],
    "transactions/revert": [_of(transaction_id=PAID_TO_SPLIT)],
    "accounts/update": [{"body": json.dumps({"blocked": True})}],
    **{
        f"transactions/create_{kind}": [
            {"pathParameters": {"organization_id": ORGANIZATION, "ledger_id": EMPTY_LEDGER}},
            _paid_by_split(f"create_{kind}"),
        ]
        for kind in ("json", "inflow", "outflow", "annotation")
    },
    "transactions/create_batch": [_paid_by_split("create_batch")],
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
    "batch_get_item": "dynamodb:BatchGetItem",
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
        yield from _recorded(function, event, lambda faults, _: faults.cancel("TransactionConflict"))
        yield from _recorded(function, event, _overtaken)
    for action in range(actions):
        yield from _recorded(function, event, partial(_doubt, action))


def _overtaken(faults: Faults, fake: FakeDynamoDB) -> None:
    """A write that may have been done, and was not: somebody else has written what it would have, and stays."""

    def error(operation: str, request: Request) -> ClientError:
        for put in (each["Put"] for each in request["TransactItems"] if "Put" in each):
            fake.put_item(TableName=put["TableName"], Item=put["Item"] | ANOTHERS["Item"])
        return client_error(operation, "InternalServerError")

    faults.plan(error, WRITE)


def _doubt(action: int, faults: Faults, _: FakeDynamoDB) -> None:
    """A write that may have been done, and, repeated, fails the condition of one of its actions."""

    def has_it(request: Request) -> bool:
        return len(request["TransactItems"]) > action

    faults.fail(WRITE, "InternalServerError", when=has_it)
    faults.cancel(*[None] * action, ANOTHERS, when=has_it, nth=2)


def _recorded(
    function: Function, event: Event, plan: Callable[[Faults, FakeDynamoDB], object] = lambda *_: None
) -> Iterator[Call]:
    fake = FakeDynamoDB(table_definition())
    faults = Faults(fake)
    world = sample_world(faults, fake=fake)
    _split(world)
    plan(faults, fake)
    with suppress(Refusal):  # an operator's function raises it
        invoke(world, function.folder, function.module, event)
    assert faults.struck == len(faults.plans)
    yield from world.recorder.calls
    yield from cast("Recorder", world.runtime.kms()).calls


def _split(world: World) -> None:
    """Stores, beside the samples, the account of two shards."""
    ledger = LedgerRef(prefixed("cli", CLIENT), ORGANIZATION, LEDGER)

    def with_ids(*ids: str) -> Table:
        table = world.table()
        return replace(table, new_id=chain(ids, iter(table.new_id, None)).__next__)

    body = NewAccount.model_validate({"assetCode": "BRL", "type": "deposit", "alias": "@split", "shards": 2})
    accounts.create(with_ids(SPLIT, BALANCE_OF_SPLIT), ledger, body)
    for new_id, payer, payee in ((PAID_TO_SPLIT, "@alice", "@split"), (PAID_BY_SPLIT, "@split", "@shop")):
        source, distribute = (
            [{"accountAlias": alias, "amount": {"asset": "BRL", "value": "1"}}] for alias in (payer, payee)
        )
        send = {"asset": "BRL", "value": "1", "source": {"from": source}, "distribute": {"to": distribute}}
        draft = NewTransaction.model_validate({"send": send}).draft()
        transactions.create(with_ids(new_id), ledger, draft, None, places=lambda: 0)
    world.recorder.calls.clear()


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
