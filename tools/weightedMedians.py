"""Writes tests/vectors/weightedMedians.json: weighted quantiles by a reference that shares no code or idea with the engine's.

Every vote is repeated as often as it weighs and the order statistic read off the expanded list, which is what
scipy.stats.quantile(..., method="inverted_cdf", weights=...) defines. Standard library only; the seed is fixed.
"""

import json
import pathlib
import random


def quantile(values, weights, quarters):
    expanded = sorted(v for v, w in zip(values, weights) for _ in range(w))
    rank = -(-quarters * len(expanded) // 4)
    return expanded[max(rank, 1) - 1]


def case(dice):
    count = dice.randint(1, 48)
    top = dice.choice([5, 1_000, 10**9, 10**15])
    values = [dice.randint(1, top) for _ in range(count)]
    weights = [dice.randint(1, dice.choice([1, 3, 50])) for _ in range(count)]
    return {
        "values": values,
        "weights": weights,
        "quartiles": [quantile(values, weights, quarters) for quarters in (1, 2, 3)],
    }


dice = random.Random(20221011)
target = pathlib.Path(__file__).parent.parent / "tests" / "vectors" / "weightedMedians.json"
target.write_text(json.dumps([case(dice) for _ in range(60)], separators=(",", ":")) + "\n")
