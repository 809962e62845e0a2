"""The answers about a block as a frame: words as enums, money in fen, null where there is none or it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from aftersales.columns.kernel import Answers
from aftersales.columns.places import Atlas
from aftersales.policy.flat_names import SHARED, UNDECIDED, line_names
from aftersales.policy.model import Policy

#: Why a row is not decided: the faults of the policy's rows, then those of a value that cannot be read.
ERRORS: Final = (
    "told_disagrees",
    "relation_broken",
    "above_maximum",
    "refund_above_maximum",
    "amount_below_zero",
    "no_branch",
    "no_rest",
    "no_period",
    "beyond_columns",
    "unknown_value",
    "not_text",
    "not_a_flag",
    "not_a_count",
    "money_format",
    "rate_format",
    "instant_format",
    "duration_format",
    "time_of_day_format",
    "out_of_bounds",
    "null_value",
)
_BOOKS: Final = ("refund", "deduction", "charge", "recover")


def lines_of(policy: Policy) -> tuple[str, ...]:
    """Return the names of the money columns of a policy: every line by book, then what the insurer pays for a leg."""
    lines = tuple(f"{book}_{name}" for book in _BOOKS for name in line_names(policy, book))
    return lines + tuple(f"insured_{leg.name}" for leg in policy.legs.values() if leg.insured is not None)


def schema_of(policy: Policy) -> Mapping[str, pl.DataType]:
    """Return the columns of the answers with their types, in their order."""
    parties = pl.Enum(list(dict.fromkeys((*policy.parties, SHARED, UNDECIDED))))
    return {
        "state": pl.Enum(list(policy.states)),
        "outcome": pl.Enum(list(policy.outcomes)),
        "liable": parties,
        **{f"{leg}_borne": parties for leg in policy.legs},
        **dict.fromkeys(lines_of(policy), pl.Int64()),
        "need": pl.Enum(list(policy.facts)),
        "error": pl.Enum(ERRORS),
    }


class Results:
    """Makes frames of answers; what is the same in many blocks is made once."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self.schema = schema_of(atlas.policy)
        self._kinds = {name: kind for name, kind in self.schema.items() if isinstance(kind, pl.Enum)}
        self._states = {key: i for i, key in enumerate(atlas.policy.states, 1)}
        self._outcomes = {word: i for i, word in enumerate(atlas.policy.outcomes, 1)}
        self._nothing: dict[tuple[int, pl.DataType], pl.Series] = {}

    def frame(self, answers: Answers) -> pl.DataFrame:
        """Return the answers about one block."""
        fine = None if not answers.error.any() else answers.error == 0
        words = [name for name in self._kinds if name != "error"]
        fixed = [name for name in words if name not in answers.words]
        made = dict(zip(fixed, self._fixed(fixed, answers, fine), strict=True))
        for name in answers.words:
            codes = np.where(answers.words[name] == 0, self._of_places(name).take(answers.place), answers.words[name])
            made[name] = _words(name, codes if fine is None else codes * fine, self._kinds[name])
        if fine is not None:
            made["error"] = _words("error", answers.error, self._kinds["error"])
        blank = None if fine is None else _amounts("", np.zeros(answers.size, np.int64), fine)
        for name in self.schema:
            if name not in made:
                made[name] = self._amounts(name, answers, fine, blank)
        return pl.DataFrame([made[name] for name in self.schema])

    def _fixed(self, names: list[str], answers: Answers, fine: NDArray[np.bool_] | None) -> list[pl.Series]:
        """Return the columns of words that follow from the place alone; a row at fault has none."""
        place = answers.place.astype(np.intp)
        return [self._fixed_word(name, place, fine) for name in names]

    def _fixed_word(self, name: str, place: NDArray[np.intp], fine: NDArray[np.bool_] | None) -> pl.Series:
        kind, words = self._kinds[name], self._of_places(name)
        if not words.any():
            return self._none(name, kind, len(place))
        size = _physical(len(kind.categories))
        codes = words.astype(size).take(place, mode="clip")
        if fine is None and codes.all():
            return pl.Series(name, np.subtract(codes, size(1), out=codes)).cat.to(kind)
        return _words(name, codes if fine is None else np.multiply(codes, fine, out=codes), kind)

    def _amounts(
        self, name: str, answers: Answers, fine: NDArray[np.bool_] | None, blank: pl.Series | None
    ) -> pl.Series:
        """Return a line of money; ``blank`` is one that is 0 in every row that is fine."""
        if name == "error":
            return self._none(name, self.schema[name], answers.size)
        if name not in answers.lines:
            return self._none(name, self.schema[name], answers.size) if blank is None else blank.alias(name)
        return _amounts(name, answers.lines[name], _both(fine, answers.open.get(name)))

    def _of_places(self, what: str) -> NDArray[np.uint16]:
        """Return a word of every place, by number; 0 where there is none or its rows differ."""
        places = self._atlas.places
        if what == "state":
            return np.array([self._states[place.state.key] for place in places], np.uint16)
        if what == "outcome":
            ends = [place.state.end for place in places]
            return np.array([0 if end is None else self._outcomes[end.outcome] for end in ends], np.uint16)
        return np.array([place.fixed(what) for place in places], np.uint16)

    def _none(self, name: str, kind: pl.DataType, size: int) -> pl.Series:
        """Return a column of nulls, or of zeros for money."""
        key = (size, kind)
        if key not in self._nothing:
            nothing = None if isinstance(kind, pl.Enum) else 0
            self._nothing[key] = pl.Series([nothing], dtype=kind).new_from_index(0, size)
        return self._nothing[key].alias(name)


def _both(fine: NDArray[np.bool_] | None, open_: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
    """Return which amounts are known; ``None`` where all are."""
    if open_ is None or fine is None:
        return fine if open_ is None else ~open_
    return fine & ~open_


def _words(name: str, codes: NDArray[Any], kind: pl.Enum) -> pl.Series:
    """Return codes from 1 as words, 0 as null."""
    small = codes.astype(_physical(len(kind.categories)), copy=False)
    column = pl.col(name)
    return pl.DataFrame({name: small}).select(pl.when(column > 0).then(column - 1).cat.to(kind).alias(name)).to_series()


def _physical(words: int) -> type[np.generic]:
    """Return the type that an enum of so many words is kept in."""
    return np.uint8 if words < 256 else np.uint16


def _amounts(name: str, whole: NDArray[np.int64], known: NDArray[np.bool_] | None) -> pl.Series:
    if known is None:
        return pl.Series(name, whole)
    column = pl.col(name)
    return pl.DataFrame({name: whole, "known": known}).select(pl.when("known").then(column).alias(name)).to_series()
