"""Where a store is known not to keep the contract: all of it, with the reasons.

Each of these is expected to fail there, and is itself reported as failed once it doesn't: then the library has been
mended, and its line goes.
"""

from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

MISSED: tuple[type[BaseException], ...] = (AssertionError, pytest.fail.Exception)
"""It does something else, or does not refuse what it should."""
REFUSES = (ClientError,)
"""It refuses what it should not."""
BREAKS = (KeyError, ValueError)
"""It raises errors of its own."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a store does instead, in some cases of a test or in all."""

    store: str
    test: str
    why: str
    cases: frozenset[str] = frozenset()
    """The cases' ids; none: all there are."""
    raises: tuple[type[BaseException], ...] = MISSED
    sometimes: bool = False
    """It does so only now and then: nothing can be asserted, and the test isn't run there."""

    def concerns(self, store: str, test: str, case: str) -> bool:
        """Whether it is about a case of a test on a store."""
        return (self.store, self.test) == (store, test) and (not self.cases or case in self.cases)

    @property
    def mark(self) -> pytest.MarkDecorator:
        """For the test, on that store."""
        if self.sometimes:
            return pytest.mark.skip(reason=f"{self.store}: {self.why}")
        return pytest.mark.xfail(reason=f"{self.store}: {self.why}", raises=self.raises, strict=True)


def _moto(
    test: str, why: str, *cases: str, raises: tuple[type[BaseException], ...] = MISSED, sometimes: bool = False
) -> Difference:
    return Difference("moto", test, why, frozenset(cases), raises, sometimes)


def _ministack(test: str, why: str, *cases: str, raises: tuple[type[BaseException], ...] = MISSED) -> Difference:
    return Difference("ministack", test, why, frozenset(cases), raises)


_NO_TOKENS = "ignores the client request token"
_NO_CAPACITY = "reports no capacity for transactions that write"
_FLAT_CAPACITY = "reports a unit for every write, and half a one for every read, whatever their size and consistency"
_NO_INDEX_CAPACITY = "reports nothing of what indexes consume"
_OWN_ERRORS = "raises Python's own errors for conditions that it can't read"
_UNSAFE = "is not safe for threads: it loses acknowledged writes"
_UNCHECKED_KEYS = "reads key conditions loosely"
_UNCHECKED_CURSORS = "takes anything for a cursor"
_ITEM_SIZE = "reckons sizes otherwise: its largest item is smaller"
_NOT_HELD = "an attribute that it does not hold"
_READS = "reckons every read as 4 KB"
_NUMBERS = "keeps numbers as they were written"

DIFFERENCES: tuple[Difference, ...] = (
    _moto("test_the_same_request_with_the_same_token_is_done_once", _NO_TOKENS),
    _moto("test_a_repeated_request_succeeds_where_its_conditions_fail_by_now", _NO_TOKENS, raises=REFUSES),
    _moto("test_the_same_token_with_another_request_is_refused", _NO_TOKENS),
    _moto("test_a_token_has_at_most_36_characters", _NO_TOKENS),
    _moto(
        "test_a_change_that_can_not_be_made_cancels_the_transaction",
        "refuses the transaction instead of cancelling it, without reasons",
    ),
    _moto("test_a_malformed_action_refuses_the_transaction", "takes values that no expression uses"),
    _moto("test_one_item_is_not_read_twice_at_once", "reads one item twice in a transaction"),
    _moto("test_of_several_writers_of_one_entry_exactly_one_succeeds", _UNSAFE, sometimes=True),
    _moto("test_no_acknowledged_change_is_lost", _UNSAFE, sometimes=True),
    _moto("test_a_condition_does_not_hold", "compares numbers with texts", "#n > :a", raises=(TypeError,)),
    _moto("test_a_condition_is_malformed", "takes these conditions", "nothing", "#t = #t"),
    _moto(
        "test_a_condition_is_malformed",
        _OWN_ERRORS,
        "#t =",
        "#t = :b AND",
        "#t == :b",
        "(#t = :b",
        "#t = :b)",
        "attribute_exists()",
        "attribute_exists(:b)",
        "unknown_function(#t)",
        "#t",
        raises=BREAKS,
    ),
    _moto(
        "test_names_and_values_are_exactly_those_that_are_used",
        _OWN_ERRORS,
        "an undefined name",
        "an undefined value",
        raises=BREAKS,
    ),
    _moto("test_names_and_values_are_exactly_those_that_are_used", "takes values that are not used", "an unused value"),
    _moto(
        "test_a_part_of_a_collection_is_read",
        "takes no key condition that begins with its value",
        "a value first",
        raises=REFUSES,
    ),
    _moto(
        "test_a_key_condition_is_refused",
        _UNCHECKED_KEYS,
        "inequality",
        "an alternative",
        "two conditions on one key",
        raises=(*MISSED, *BREAKS),
    ),
    _moto(
        "test_a_page_that_reached_its_limit_tells_where_to_go_on_though_nothing_follows",
        "tells where to go on only if something follows",
    ),
    _moto("test_a_cursor_that_is_no_key_is_refused", _UNCHECKED_CURSORS, raises=(*MISSED, *BREAKS)),
    _moto("test_a_cursor_of_another_collection_is_refused", _UNCHECKED_CURSORS),
    _moto("test_a_filter_on_a_key_is_refused", "filters by keys"),
    _moto(
        "test_a_scan_that_reached_its_limit_tells_where_to_go_on_though_nothing_follows",
        "tells where to go on only if something follows",
    ),
    _moto("test_a_scan_from_what_is_no_key_is_refused", _UNCHECKED_CURSORS, raises=(*MISSED, TypeError)),
    _moto(
        "test_a_scan_s_names_and_values_are_exactly_those_that_are_used",
        _OWN_ERRORS,
        "an undefined name",
        "an undefined value",
        raises=BREAKS,
    ),
    _moto(
        "test_a_scan_s_names_and_values_are_exactly_those_that_are_used",
        "takes values that are not used",
        "an unused value",
    ),
    _moto("test_an_index_refuses", "answers attributes that an index does not hold", _NOT_HELD),
    _moto("test_an_unknown_index_is_refused", "takes an unknown index for an unknown resource"),
    _moto("test_an_item_with_a_wrong_key_of_an_index_is_refused", "takes a number for a text there", "a number"),
    _moto("test_a_transaction_holds_a_hundred_actions", "reads at most 25 items at once", raises=REFUSES),
    _moto("test_a_transaction_holds_no_more_than_four_megabytes", "has no limit of 4 MB"),
    _moto("test_an_item_holds_400_kb", _ITEM_SIZE, raises=REFUSES),
    _moto("test_an_item_does_not_grow_past_400_kb", _ITEM_SIZE, raises=REFUSES),
    _moto("test_a_key_is_exactly_the_table_s", "looks a key of another type up", "of another type"),
    _moto(
        "test_a_key_of_a_batch_is_exactly_the_table_s",
        "looks the keys of a batch up as they are",
        "of another type",
        "more than it",
        "empty",
    ),
    _moto("test_a_number_comes_back_in_its_shortest_form", _NUMBERS, "-0", "007", "1.50", "-1.0", "1E3"),
    _moto("test_a_number_that_would_not_be_exact_is_refused", _NUMBERS, "39 digits", "39 decimals", "1E126"),
    _moto("test_a_write_costs_a_unit_for_each_started_kb", _FLAT_CAPACITY, "2", "3.5"),
    _moto("test_a_write_costs_by_the_larger_of_before_and_after", _FLAT_CAPACITY),
    _moto(
        "test_a_read_costs_a_unit_for_each_started_4_kb_or_half_of_it",
        _FLAT_CAPACITY,
        "0.5-True",
        "4-True",
        "5-True",
        "5-False",
    ),
    _moto("test_reading_what_is_not_there_costs_a_read", _FLAT_CAPACITY),
    _moto("test_a_batch_costs_by_each_of_its_items_also_by_those_that_are_not_there", "reports a unit for each key"),
    _moto("test_a_query_costs_by_all_that_it_reads_together", _FLAT_CAPACITY, "20 KB"),
    _moto("test_a_scan_costs_by_all_that_it_reads_together", _FLAT_CAPACITY, "20 KB", "20 KB-False"),
    _moto("test_a_query_of_an_index_costs_half_of_what_the_index_holds", _NO_INDEX_CAPACITY),
    _moto("test_a_transactional_write_costs_double", _NO_CAPACITY),
    _moto("test_a_transactional_read_costs_double_also_of_what_is_not_there", _FLAT_CAPACITY),
    _moto("test_each_action_of_a_transaction_costs_by_its_item", _NO_CAPACITY, raises=(IndexError,)),
    _moto("test_a_posting_of_two_legs_costs_six_units_and_one_of_the_index", _NO_CAPACITY, raises=BREAKS),
    _moto("test_a_repeated_transaction_costs_the_reading_of_its_items", _NO_CAPACITY, raises=(IndexError,)),
    _moto("test_an_index_costs_by_what_changes_in_it", _NO_INDEX_CAPACITY, raises=BREAKS),
    _ministack("test_a_condition_is_malformed", "takes these conditions", "#t = #t", "unknown_function(#t)"),
    _ministack("test_a_key_condition_is_refused", _UNCHECKED_KEYS, "inequality", "an alternative"),
    _ministack("test_a_filter_on_a_key_is_refused", "filters by keys"),
    _ministack("test_a_scan_from_what_is_no_key_is_refused", "takes a number for a text there", "of another type"),
    _ministack("test_an_index_refuses", "answers attributes that an index does not hold", "all attributes", _NOT_HELD),
    _ministack(
        "test_an_update_does_not_change",
        "takes these updates, and makes of them what it can",
        "a sum with a text",
        "one attribute twice",
        "one section twice",
        "without a sign",
    ),
    _ministack("test_a_read_costs_a_unit_for_each_started_4_kb_or_half_of_it", _READS, "5-True", "5-False"),
    _ministack(
        "test_a_batch_costs_by_each_of_its_items_also_by_those_that_are_not_there",
        "reports nothing of what a batch consumes",
        raises=BREAKS,
    ),
    _ministack(
        "test_what_a_batch_has_no_room_for_is_left_to_be_asked_for_again", "answers batches of any size", raises=BREAKS
    ),
    _ministack("test_a_query_costs_by_all_that_it_reads_together", _READS, "20 KB"),
    _ministack("test_a_scan_costs_by_all_that_it_reads_together", _READS, "20 KB", "20 KB-False"),
    _ministack("test_a_transactional_read_costs_double_also_of_what_is_not_there", _READS),
    _ministack(
        "test_a_posting_of_two_legs_costs_six_units_and_one_of_the_index",
        "reports of transactions only what they consume in all",
        raises=BREAKS,
    ),
)
