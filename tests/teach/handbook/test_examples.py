"""Worked cases as the handbook shows them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook.examples import _goods
from aftersales.teach.handbook.voice import LANGS, Voice


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"sku": "LAMP-02", "title": "床头台灯", "quantity": 2}, ("床头台灯 × 2", "LAMP-02 × 2")),
        ({"sku": "LAMP-02", "title": "Bedside lamp", "quantity": 2}, ("Bedside lamp × 2", "Bedside lamp × 2")),
        ({"sku": "LAMP-02", "quantity": 1}, ("LAMP-02 × 1", "LAMP-02 × 1")),
        ({"title": "床头台灯", "quantity": 1}, ("床头台灯 × 1", "床头台灯 × 1")),
    ],
)
def test_goods_are_named_in_the_language_of_the_page(
    small: LoadedPolicy, line: Mapping[str, object], said: tuple[str, str]
) -> None:
    """A Chinese title is the shop's own word for its goods: English calls them by their SKU."""
    assert _goods({"lines": [line]}, Voice(small.model, LANGS["both"])) == [said]
