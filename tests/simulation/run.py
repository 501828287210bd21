"""One run: what its seed says is done, and then judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from unittest.mock import patch

from coffer.store import batches
from tests.simulation import closing
from tests.simulation.callers import WEATHERS, Callers, Trade
from tests.simulation.handlers import Weather
from tests.simulation.history import Delivery, History
from tests.simulation.judge import Judge
from tests.simulation.ledger_requests import Each
from tests.simulation.ledger_trade import LedgerTrade
from tests.simulation.stage import Stage
from tests.simulation.wallet_trade import WalletTrade

BENTS: Mapping[str, tuple[int, Mapping[str, int]]] = {
    "payments": (12, {"pay": 6, "split": 4, "come": 2, "go": 3, "revert": 4, "note": 1, "block": 1, "look": 2}),
    "holds": (12, {"pay": 2, "go": 1, "hold": 5, "settle": 9, "sweep": 2, "revert": 2, "note": 2, "allow": 1}),
    "batches": (12, {"batch": 8, "pay": 3, "come": 1, "go": 1, "hold": 1, "settle": 1, "revert": 1, "block": 1}),
    "chest": (6, {"chest": 10, "revert": 1, "block": 1, "look": 1, "look at key": 1}),
    "keys": (
        12,
        {"pay": 8, "hold": 3, "settle": 4, "revert": 2, "open key": 4, "close key": 5, "allow": 2, "block": 2}
        | {"close": 2, "look at key": 2},
    ),
    "notes": (6, {"describe": 7, "segment": 6, "pay": 4, "close": 1, "look at account": 2, "look at segments": 1}),
    "comings": (
        0,
        {"annotate": 2, "come": 4, "go": 4, "open": 3, "close": 3, "make": 3, "unmake": 6, "pay": 2, "look": 1},
    ),
}
"""What callers of the ledger API like to do: with how much money at most an account begins, and how often what."""

WALLET_BENTS: Mapping[str, Mapping[str, int]] = {
    "settlements": {"deposit": 5, "deposit again": 2, "transfer": 5, "withdraw": 5, "report": 9, "freeze": 2}
    | {"activate": 1, "look": 2},
    "flags": {"deposit": 2, "withdraw": 1, "freeze": 9, "activate": 9},
    "tokens": {"add": 7, "deposit": 5, "transfer": 2, "withdraw": 1, "freeze": 3, "activate": 3, "look": 1, "list": 2},
}
"""What callers of the wallet API like to do, and how often."""

TRADES: Sequence[tuple[int, Callable[[Stage], Trade]]] = (
    *((3, lambda stage, name=name: LedgerTrade(stage, BENTS[name][1], money=BENTS[name][0])) for name in BENTS),
    *((3, lambda stage, name=name: WalletTrade(stage, WALLET_BENTS[name])) for name in WALLET_BENTS),
)
"""How often which kind of run it is."""


CLIENTS = (1, 1, 1, 1, 1, 2, 1, 1)
"""Of how many clients the callers are, from one seed to the next: mostly of one, for those of one meet more often."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run."""

    seed: int
    problems: Sequence[str]
    counts: Counter[str]
    history: History


def simulate(seed: int) -> Report:
    """Does and judges one run."""
    stage = Stage(seed)
    counts: Counter[str] = Counter()
    try:
        found = _judged(stage, counts, clients=CLIENTS[seed % len(CLIENTS)])
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is this seed's
        found = [f"{type(error).__name__}: {error}"]
    return Report(seed, found, counts + stage.counts, stage.history)


def _judged(stage: Stage, counts: Counter[str], *, clients: int) -> Sequence[str]:
    random = stage.random
    (make,) = random.choices([each for _, each in TRADES], [weight for weight, _ in TRADES])
    (weather,) = random.choices([each for _, each in WEATHERS], [weight for weight, _ in WEATHERS])
    trades = [make(stage) for _ in range(clients)]
    with patch.object(batches, "WRITTEN_TOGETHER", stage.written_together):
        return _held_to_the_model(stage, trades, weather, counts)


def _held_to_the_model(stage: Stage, trades: Sequence[Trade], weather: Weather, counts: Counter[str]) -> Sequence[str]:
    random = stage.random
    for trade in trades:
        trade.prepare()
    prepared = len(stage.history.deliveries)
    stage.note("Now it is {}", weather)
    stage.let(weather)
    number, requests = random.randint(2, 4), random.randint(3, 6)
    everybody = [Callers(stage, trade, requests) for trade in trades]
    calls = [each.call for each, _ in zip(cycle(everybody), range(number), strict=False)]
    stage.scheduler.run(calls, in_flight=number)
    counts["calls failed"] = stage.faults.struck
    stage.note("All have ended")
    called = stage.history.deliveries[prepared:]
    unsettled = list(closing.repeat(stage, called))
    swept = closing.sweep(stage)
    judges = [Judge(stage.history, trade.client) for trade in trades]
    for judge in judges:
        judge.judge()
    counts["runs"] = 1
    counts["of two clients"] = len(trades) - 1
    counts["writes"] = len(stage.history.writes)
    counts["took several writes"] = _batches_of_several_writes(stage.history)
    counts.update(how for delivery in called for how in _counted(delivery))
    wrong = [problem for judge in judges for problem in judge.problems]
    return [*wrong, *unsettled, *closing.look(stage, judges, swept)]


def _batches_of_several_writes(history: History) -> int:
    """How many handlers have posted a batch in several writes, or some of it."""
    of_batches = (each for each in history.writes if isinstance(each.delivery.request, Each))
    posted = Counter(id(each.delivery) for each in of_batches if each.delivery.request.steps(each))
    return sum(writes > 1 for writes in posted.values())


def _counted(delivery: Delivery) -> Iterator[str]:
    """What came of a delivery, for the count."""
    kind = delivery.request.kind
    told = delivery.request.outcomes(delivery.answer) if delivery.answer else []
    if not told:
        yield f"{kind}: {'done' if delivery.answer else 'unknown'}"
    for each in told:
        how = "refused" if each.refused else "unknown"
        yield f"{kind}: {'replayed' if each.replayed else 'done' if each.done else how}"
