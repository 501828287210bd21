"""What there is to verify of a client is listed, each ledger as the verification takes it."""

from itertools import pairwise
from typing import Any, cast

from coffer.api.operators import MOST_LISTED, Operator
from coffer.store import clients, wallet_ledger
from tests.integration.ledger_api.books import gone
from tests.integration.wallet_api.purse import open_purse
from tests.support.world import Client, World
from tools.endpoints import handler
from tools.scenarios import LEDGER, ORGANIZATION

type Event = dict[str, Any]


def operate(world: World, module: str, event: Event) -> Event:
    """The answer of an operator's function."""
    operator = cast("Operator[Any]", handler("operators", module))
    return dict(operator.serve(event, world.runtime, world.countdown()))


def listed(client: Client) -> list[list[Event]]:
    """A client's ledgers, page by page."""
    answers = [operate(client.world, "list_ledgers_to_verify", {"client_id": client.client_id})]
    while answers[-1]["next"]:
        answers.append(operate(client.world, "list_ledgers_to_verify", answers[-1]["next"]))
    return [answer["ledgers"] for answer in answers]


def known(world: World) -> Client:
    """A client that an operator has made."""
    return Client(world, clients.create_client(world.table(), "Acme").client_id)


def open_ledgers(client: Client, organization: str, many: int) -> list[Event]:
    """New ledgers of an organization, each as a verification takes it."""
    path = f"/v1/organizations/{organization}/ledgers"
    made = [client.post(path, {**LEDGER, "name": f"Ledger {number}"}).id for number in range(many)]
    return [{"client_id": client.client_id, "organization_id": organization, "ledger_id": each} for each in made]


def test_all_ledgers_of_a_client_are_listed_and_can_be_verified_deleted_ones_and_that_of_its_wallets_too() -> None:
    world = World()
    client, other = known(world), known(world)
    organization, empty = (client.post("/v1/organizations", ORGANIZATION).id for _ in range(2))
    first, deleted = open_ledgers(client, organization, 2)
    gone(client.delete(f"/v1/organizations/{organization}/ledgers/{deleted['ledger_id']}"))
    open_ledgers(other, other.post("/v1/organizations", ORGANIZATION).id, 1)
    purse = open_purse(client)
    purse.add(purse.account("ethereum"), "USDT", "ethereum")
    wallets = wallet_ledger.ledger(client.client_id)
    (page,) = listed(client)
    of_wallets = {"client_id": wallets.client_id} | {
        "organization_id": wallets.organization_id,
        "ledger_id": wallets.ledger_id,
    }
    assert sorted(page, key=str) == sorted([first, deleted, of_wallets], key=str)
    assert empty not in {each["organization_id"] for each in page}
    for event in page:
        assert operate(world, "verify_ledger", event)["found"] == 0


def test_a_client_without_a_ledger_has_nothing_to_verify() -> None:
    client = known(World())
    answer = operate(client.world, "list_ledgers_to_verify", {"client_id": client.client_id})
    assert answer == {"client_id": client.client_id, "ledgers": [], "next": None}


def test_many_ledgers_are_on_several_pages_each_of_them_on_one() -> None:
    """Pages end within an organization, and at its end."""
    client = known(World())
    made: list[Event] = []
    for many in (MOST_LISTED // 2, MOST_LISTED // 2, MOST_LISTED + 1, 1):
        made += open_ledgers(client, client.post("/v1/organizations", ORGANIZATION).id, many)
    pages = listed(client)
    assert [len(page) for page in pages] == [MOST_LISTED, MOST_LISTED, 2]
    assert [each for page in pages for each in page] == made
    assert [one[-1]["organization_id"] == other[0]["organization_id"] for one, other in pairwise(pages)] == [
        False,
        True,
    ]
