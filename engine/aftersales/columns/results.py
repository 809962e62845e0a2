"""The answers about a block as a frame: words as enums, money in fen, null where there is none or it is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from aftersales.columns.answers import ERROR, Answers, Sheet
from aftersales.columns.places import Atlas
from aftersales.errors import Diagnostic, UnknownNameError, did_you_mean
from aftersales.policy.flat_names import SHARED, UNDECIDED, line_names
from aftersales.policy.model import Policy
from aftersales.text import Text, clip

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
        ERROR: pl.Enum(ERRORS),
    }


class Results:
    """Makes frames of answers; what is the same in many blocks is made once."""

    def __init__(self, atlas: Atlas, columns: Sequence[str] | None = None) -> None:
        """Take what is asked for: ``columns`` in their order, or all. Raises UnknownNameError."""
        self._atlas = atlas
        self.schema = _asked(schema_of(atlas.policy), columns)
        self._kinds = {name: kind for name, kind in self.schema.items() if isinstance(kind, pl.Enum) and name != ERROR}
        self._states = {key: i for i, key in enumerate(atlas.policy.states, 1)}
        self._outcomes = {word: i for i, word in enumerate(atlas.policy.outcomes, 1)}

    def write_words(self, sheet: Sheet, start: int, answers: Answers) -> None:
        """Write down the words of a block's rows: what their places say, unless the rows differ."""
        rows = slice(start, start + answers.size)
        for name, kind in self._kinds.items():
            words, differ = self._of_places(name, answers.standing), answers.words.get(name)
            if differ is None and not words.any():
                continue
            size = _physical(len(kind.categories))
            to = sheet.words_of(name, size)[rows]
            words.astype(size).take(answers.place, mode="clip", out=to)
            if differ is not None:
                np.copyto(to, differ, where=differ != 0, casting="same_kind")

    def _of_places(self, what: str, standing: Sequence[int]) -> NDArray[np.uint16]:
        """Return a word of each of some places, by number; 0 where there is none or its rows differ."""
        places = [self._atlas.places[number] for number in standing]
        if what == "state":
            return np.array([self._states[place.state.key] for place in places], np.uint16)
        if what == "outcome":
            ends = [place.state.end for place in places]
            return np.array([0 if end is None else self._outcomes[end.outcome] for end in ends], np.uint16)
        return np.array([place.fixed(what) for place in places], np.uint16)

    def frame(self, sheet: Sheet) -> pl.DataFrame:
        """Return the answers about all rows of a frame; a row at fault has its error alone."""
        zeros = pl.Series([0], dtype=pl.Int64).new_from_index(0, sheet.size)
        made = pl.DataFrame([self._column(name, sheet, zeros) for name in self.schema])
        codes = [
            pl.col(name).cat.to(kind)
            for name, kind in self.schema.items()
            if made.schema[name].is_integer() and isinstance(kind, pl.Enum)
        ]
        wrong = sheet.error != 0
        bad = pl.Series(wrong) if wrong.any() else None
        return pl.DataFrame([_known(column, sheet, bad) for column in (made.with_columns(codes) if codes else made)])

    def _column(self, name: str, sheet: Sheet, zeros: pl.Series) -> pl.Series:
        """Return a column without nulls, words as codes from 0; one of nulls alone where nothing is said."""
        kind = self.schema[name]
        if not isinstance(kind, pl.Enum):
            return pl.Series(name, sheet.lines[name]) if name in sheet.lines else zeros.alias(name)
        codes = sheet.codes(name)
        if codes is None or not codes.any():
            return pl.Series(name, [None], kind).new_from_index(0, sheet.size)
        # To make words of codes takes twice as long where some are null.
        return pl.Series(name, codes - (codes != 0))


def _known(column: pl.Series, sheet: Sheet, bad: pl.Series | None) -> pl.Series:
    """Return a column that is null where there is no word, where an amount is not known, and in bad rows."""
    codes = sheet.codes(column.name)
    none = sheet.open.get(column.name) if codes is None else codes == 0
    if none is not None and none.any():
        column = column.set(pl.Series(none), None)
    return column if bad is None or column.name == ERROR else column.set(bad, None)


def _asked(schema: Mapping[str, pl.DataType], columns: Sequence[str] | None) -> Mapping[str, pl.DataType]:
    if columns is None:
        return schema
    faults = [_no_answer(name, schema) for name in columns if name not in schema]
    if faults:
        raise UnknownNameError(*faults)
    return {name: schema[name] for name in columns}


def _no_answer(name: str, schema: Iterable[str]) -> Diagnostic:
    shown = clip(name)
    hint = did_you_mean(shown, schema) or Text(f"有：{'、'.join(schema)}", f"there are {', '.join(schema)}")
    return Diagnostic("unknown_name", Text(f"结果里没有列 {shown}", f"the answers have no column {shown}"), hint=hint)


def _physical(words: int) -> type[np.generic]:
    """Return the type that an enum of so many words is kept in."""
    return np.uint8 if words < 256 else np.uint16
