"""How long a call to DynamoDB takes: drawn from percentiles that were published.

Alex DeBrie, "DynamoDB Transactions Performance Testing" (2020): 400 calls each from AWS Lambda in one Region, as the
client saw them. https://www.alexdebrie.com/posts/dynamodb-transactions-performance/, with the figures in the repository
https://github.com/alexdebrie/dynamodb-performance-testing. Reads were not measured; here they take what a `PutItem`
took, which a strongly consistent read should not exceed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

QUANTILES = (0.0, 0.5, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds at the quantiles: the least, p50, p90, p95, p99 and the most."""

    milliseconds: Sequence[float]

    def at(self, quantile: float) -> float:
        """Milliseconds at any quantile from 0 to 1: on a straight line between those that are known."""
        known = zip(QUANTILES, self.milliseconds, strict=True)
        for (low, least), (high, most) in pairwise(known):
            if quantile <= high:
                return between(least, most, (quantile - low) / (high - low))
        raise ValueError(quantile)

    def mean(self, of: int = 1) -> float:
        """Milliseconds on average of the slowest of so many calls that are made at once.

        The quantile of the slowest of n has the distribution uⁿ: each straight line is integrated over it.
        """
        known = list(zip(QUANTILES, self.milliseconds, strict=True))
        total = 0.0
        for (low, least), (high, most) in pairwise(known):
            slope = (most - least) / (high - low)
            total += (least - slope * low) * (high**of - low**of)
            total += slope * of / (of + 1) * (high ** (of + 1) - low ** (of + 1))
        return total


SINGLE = Latency((5.47, 7.55, 11.3, 13.2, 16.2, 29.0))
"""`PutItem`."""
FIVE, TWENTY_FIVE = 5, 25
TRANSACTION_OF_FIVE = Latency((19.4, 25.3, 30.7, 36.4, 92.5, 218.0))
"""`TransactWriteItems` of five items; of fewer, it may be less."""
TRANSACTION_OF_TWENTY_FIVE = Latency((23.5, 32.1, 40.5, 47.2, 97.5, 258.0))


def of_transaction(items: int) -> Latency:
    """A transaction of so many items: on a straight line through those of five and of 25, never below that of five."""
    part = max(0.0, (items - FIVE) / (TWENTY_FIVE - FIVE))
    known = zip(TRANSACTION_OF_FIVE.milliseconds, TRANSACTION_OF_TWENTY_FIVE.milliseconds, strict=True)
    return Latency(tuple(between(few, many, part) for few, many in known))


def between(low: float, high: float, part: float) -> float:
    """The point at so large a part of the way from `low` to `high`, or beyond."""
    return low + (high - low) * part
