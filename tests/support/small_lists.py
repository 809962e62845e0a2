"""The small shop with registers, and a day's cases to enter on them."""

from __future__ import annotations

import shutil
from pathlib import Path

SMALL = Path(__file__).parents[1] / "study" / "small"

ACTIONS = """\
actions:
  send_photos: {by: buyer, title: {zh: 发照片, en: send photos}, gives: {photos_sent: true}}
  check_record: {by: warehouse, title: {zh: 查出库记录, en: check the outbound record}, list: checks}
  offer_remedies: {by: agent, title: {zh: 提出方案, en: offer remedies}}
  reship: {by: warehouse, title: {zh: 补发商品, en: reship the goods}, list: reships}
  refund: {by: finance, title: {zh: 退款, en: refund}, pays: true, list: daily_refund_sheet}
  restock: {by: warehouse, title: {zh: 退货入库, en: restock the goods}, list: reships, every: week, to: agent}
lists:
  checks: {title: {zh: 查单表, en: checks}, every: at_once, to: warehouse, columns: [at, case, status]}
  daily_refund_sheet:
    title: {zh: 每日退款单, en: Daily refund sheet}
    every: day
    to: finance
    columns: [at, shop, order, buyer_account, amount, reason, responsible, status]
    fill_in: {buyer_account: {zh: 买家账号, en: buyer account}}
  reships:
    title: {zh: 补发退货表, en: Reships and returns}
    every: month
    to: finance
    columns: [order, goods_in, goods_out, amount, recover, wants, return_postage, outcome, action, by]
"""


def with_lists(folder: Path) -> Path:
    """Copy the small shop's policy to ``folder`` and give it registers."""
    shutil.copytree(SMALL, folder, dirs_exist_ok=True)
    (folder / "actions.yaml").write_text(ACTIONS, encoding="utf-8")
    return folder


def case(name: str, day: str, wants: str, *, order: str = "3301", sku: str = "T1", more: str = "") -> str:
    """Return a worked case's text: a wrong item that was confirmed, told on ``day``."""
    return f"""\
- name: {name}
  order: {{id: "{order}", shop: 木器店, lines: [{{sku: {sku}, title: 茶几, quantity: 2, paid: "118.00"}}]}}
  claim: {{opened_at: {day}T11:00+08:00, lines: [{{line: 1, quantity: 1}}]}}
  facts: {{photos_sent: true, warehouse_record: confirms_buyer, wants: {wants}{more}}}
"""
