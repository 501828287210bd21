"""What organizations, ledgers and what lies in a ledger have in common: create, get, list, update, delete, count."""

import re
from typing import Any
from uuid import UUID

import pytest

from tests.integration.ledger_api.books import NOBODYS, done, gone, made, refused
from tests.integration.ledger_api.shelves import Shelf, of_every_resource, of_every_resource_and_store

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ACTIVE = {"code": "ACTIVE", "description": None}


# ------------------------------------------------------------------------------------------------------------- create


@of_every_resource_and_store
def test_a_create_answers_201_with_the_resource(shelf: Shelf) -> None:
    answer = made(shelf.client.post(shelf.path, shelf.body(1)))
    assert answer.headers["Content-Type"] == "application/json"
    assert shelf.body(1).items() <= answer.json.items()


@of_every_resource
def test_a_resource_has_an_id_its_moments_a_status_and_metadata(shelf: Shelf) -> None:
    answer = shelf.add(1).json
    assert str(UUID(answer["id"])) == answer["id"]
    assert (answer["status"], answer["metadata"], answer["deletedAt"]) == (ACTIVE, {}, None)
    assert RFC_3339.fullmatch(answer["createdAt"])
    assert answer["updatedAt"] == answer["createdAt"]


@of_every_resource
def test_a_status_and_metadata_are_kept_as_they_are_sent(shelf: Shelf) -> None:
    status = {"code": "001", "description": "Pre-launch"}
    metadata = {"text": "ação 😀", "empty": "", "whole": 42, "number": 200.98, "yes": True, "no": False, "minus": -0.5}
    created = shelf.add(1, status=status, metadata=metadata)
    for answer in (created.json, done(shelf.client.get(f"{shelf.path}/{created.id}"))):
        assert (answer["status"], answer["metadata"]) == (status, metadata)
        assert [type(value) for value in answer["metadata"].values()] == [type(value) for value in metadata.values()]


@of_every_resource
def test_the_description_of_a_status_may_be_left_out(shelf: Shelf) -> None:
    assert shelf.add(1, status={"code": "001"}).json["status"] == {"code": "001", "description": None}


@of_every_resource
def test_metadata_may_reach_all_its_limits(shelf: Shelf) -> None:
    metadata = {f"{number:03}{'k' * 97}": "v" * 40 for number in range(99)} | {"long": "v" * 1_000}
    assert shelf.add(1, metadata=metadata).json["metadata"] == metadata


# ---------------------------------------------------------------------------------------------------------------- get


@of_every_resource_and_store
def test_a_get_answers_what_the_create_did(shelf: Shelf) -> None:
    created = shelf.add(1, metadata={"a": 1})
    assert done(shelf.client.get(f"{shelf.path}/{created.id}")) == created.json


@of_every_resource
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_what_is_not_there_is_404(shelf: Shelf, method: str) -> None:
    shelf.add(1)
    answer = shelf.client.send(method, f"{shelf.path}/{NOBODYS}", {"metadata": {}} if method == "PATCH" else None, {})
    assert NOBODYS in refused(answer, 404, shelf.missing)


# ------------------------------------------------------------------------------------------------------- list, count


@of_every_resource
def test_an_empty_list_is_an_empty_list(shelf: Shelf) -> None:
    assert shelf.page() == {"items": [], "limit": 10, "page": 1, "next_cursor": None, "prev_cursor": None}
    assert shelf.count() == 0


@of_every_resource_and_store
def test_a_list_has_the_resources_as_they_are_got_in_the_order_of_their_creation(shelf: Shelf) -> None:
    created = [shelf.add(number).json for number in (3, 1, 2)]
    assert shelf.page()["items"] == created
    assert shelf.count() == 3


# ------------------------------------------------------------------------------------------------------------- update


def changed(shelf: Shelf, path: str, change: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A resource before and after a change; what the change answers is what is stored."""
    before = done(shelf.client.get(path))
    after = done(shelf.client.patch(path, change))
    assert after == done(shelf.client.get(path))
    return before, after


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What has changed, but for the moment of the change."""
    assert after["updatedAt"] > before["updatedAt"]
    return {name: value for name, value in after.items() if value != before[name] and name != "updatedAt"}


@of_every_resource_and_store
def test_a_patch_changes_what_it_names_and_nothing_else(shelf: Shelf) -> None:
    path = shelf.one(status={"code": "001"}, metadata={"a": 1})
    assert differences(*changed(shelf, path, {shelf.name: "Renamed"})) == {shelf.name: "Renamed"}
    status = {"code": "002", "description": "Blocked"}
    assert differences(*changed(shelf, path, {"status": status})) == {"status": status}
    assert differences(*changed(shelf, path, {"metadata": {"b": 2}})) == {"metadata": {"b": 2}}


@of_every_resource
def test_a_patch_changes_all_that_it_names_at_once(shelf: Shelf) -> None:
    change = {shelf.name: "Renamed", "status": {"code": "9", "description": "Nine"}, "metadata": {"a": True}}
    assert differences(*changed(shelf, shelf.one(), change)) == change


@of_every_resource
def test_metadata_is_replaced_as_a_whole(shelf: Shelf) -> None:
    path = shelf.one(metadata={"stays": 1, "goes": 2})
    assert changed(shelf, path, {"metadata": {"stays": 1, "comes": 3}})[1]["metadata"] == {"stays": 1, "comes": 3}
    assert changed(shelf, path, {"metadata": {}})[1]["metadata"] == {}


@of_every_resource
def test_a_status_is_replaced_as_a_whole(shelf: Shelf) -> None:
    path = shelf.one(status={"code": "001", "description": "Active"})
    assert changed(shelf, path, {"status": {"code": "002"}})[1]["status"] == {"code": "002", "description": None}


@of_every_resource
def test_a_patch_that_names_nothing_changes_nothing(shelf: Shelf) -> None:
    assert differences(*changed(shelf, shelf.one(metadata={"a": 1}), {})) == {}


@of_every_resource
def test_a_patch_back_to_what_it_was_is_fine(shelf: Shelf) -> None:
    path = shelf.one()
    same = {shelf.name: shelf.body(1)[shelf.name], "status": ACTIVE, "metadata": {}}
    assert differences(*changed(shelf, path, same)) == {}


@of_every_resource
@pytest.mark.parametrize("field", ["status", "metadata"])
def test_what_every_resource_has_cannot_be_taken_away_by_null(shelf: Shelf, field: str) -> None:
    refused(shelf.client.patch(shelf.one(), {field: None}), 400, {"status": "0047", "metadata": "0051"}[field], field)


@of_every_resource
def test_a_name_cannot_be_taken_away_by_null(shelf: Shelf) -> None:
    refused(shelf.client.patch(shelf.one(), {shelf.name: None}), 400, "0047", shelf.name)


@of_every_resource
@pytest.mark.parametrize("field", ["id", "createdAt", "updatedAt", "deletedAt", "organizationId", "more"])
def test_what_cannot_be_changed_is_refused_by_its_name(shelf: Shelf, field: str) -> None:
    refused(shelf.client.patch(shelf.one(), {field: "x", "metadata": {}}), 400, "0053", field)


@of_every_resource
def test_no_update_changes_when_and_as_what_a_resource_was_created(shelf: Shelf) -> None:
    path = shelf.one()
    before = done(shelf.client.get(path))
    done(shelf.client.patch(path, {shelf.name: "Renamed"}))
    after = done(shelf.client.patch(path, {"metadata": {"a": 1}}))
    assert (after["id"], after["createdAt"]) == (before["id"], before["createdAt"])


@of_every_resource
def test_a_clock_that_was_set_back_makes_no_update_older_than_what_it_changes(shelf: Shelf) -> None:
    path = shelf.one()
    created = done(shelf.client.get(path))
    shelf.client.world.clock.now -= 3_600_000
    assert done(shelf.client.patch(path, {"metadata": {"a": 1}}))["updatedAt"] == created["updatedAt"]


# ------------------------------------------------------------------------------------------------------------- delete


@of_every_resource_and_store
def test_a_delete_answers_204_and_what_was_deleted_is_gone(shelf: Shelf) -> None:
    path = shelf.one(1)
    shelf.add(2)
    gone(shelf.client.delete(path))
    assert shelf.listed() == shelf.named(2)
    assert shelf.count() == 1
    refused(shelf.client.get(path), 404, shelf.missing)
    refused(shelf.client.patch(path, {"metadata": {}}), 404, shelf.missing)
    refused(shelf.client.delete(path), 404, shelf.missing)


@of_every_resource
def test_what_was_deleted_can_be_made_again_as_another_one(shelf: Shelf) -> None:
    first = shelf.add(1)
    gone(shelf.client.delete(f"{shelf.path}/{first.id}"))
    again = shelf.add(1)
    assert again.id != first.id
    assert shelf.listed() == shelf.named(1)
    assert shelf.count() == 1
