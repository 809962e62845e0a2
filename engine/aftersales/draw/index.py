"""The index of the rendered pictures: a page for a browser and one for a repository, both with thumbnails."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from aftersales.draw.graph import Graph
from aftersales.draw.pictures import drawable, paged
from aftersales.policy.model import Policy

_ABOUT: Final = """\
# 流程图 · Pictures of the flows

`NAME.svg` 为中文，`NAME.en.svg` 为英文；大的流程分几页（`NAME-2.svg`），`overview` 是各流程的关系。由 `./dev draw` 从 `flows/` 画出，请勿手改；用浏览器看 `index.html` 更方便。

`NAME.svg` is in Chinese, `NAME.en.svg` in English; large flows take several pages (`NAME-2.svg`), `overview` shows how the flows connect. `./dev draw` renders them from `flows/`; nothing here is edited by hand. In a browser `index.html` is handier.

怎么看：色条和符号写着由谁来做；粗黑线是主路径；六边形是接着要问的；圆角框是答案；卡片底部虚线框写着逾期去哪儿，虚线箭头也是逾期；粗框是结局；箭头形指向别的流程或下一页。每页的“图”号随内容变，可以核对墙上挂的是不是最新。

How to read them: the strip and its sign say who acts; the thick black line is the main path; hexagons are what is asked next; rounded boxes are answers; the dashed box at the foot of a card says where a missed deadline leads, as dashed arrows do; thick borders are ends; arrow shapes lead to another flow or page. The picture number of a page changes with what it says: it tells whether the copy on the wall is the latest.

| 流程 Flow | 中文 | English |
|---|---|---|
"""

_PAGE: Final = """\
<!DOCTYPE html>
<html lang="zh">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1f2937 }}
section {{ border-top: 1px solid #d1d5db; padding: .5rem 0 1rem }}
h1 {{ font-size: 1.5rem }} h2 {{ font-size: 1.1rem; margin: .5rem 0 }} small {{ font-weight: normal; color: #4b5563 }}
div {{ display: flex; flex-wrap: wrap; gap: 1rem }}
figure {{ margin: 0; width: 12rem; font-size: .8rem }}
img {{ width: 12rem; height: 14rem; object-fit: contain; object-position: top; border: 1px solid #e5e7eb; background: #fff }}
@media print {{ section {{ break-inside: avoid }} }}
</style>
<h1>{title}</h1>
{sections}
</html>
"""


def index_page(policy: Policy, graphs: Mapping[str, Graph]) -> str:
    """Return ``index.html``: every flow with a thumbnail of each page, and links to the English ones."""
    title = f"{policy.title.zh} · {policy.title.en} · {policy.version}"
    sections = "\n".join(_section(name, titles, graphs) for name, titles in _titles(policy).items())
    return _PAGE.format(title=escape(title), sections=sections)


def index_text(policy: Policy, graphs: Mapping[str, Graph]) -> str:
    """Return ``README.md``: a row per flow with a thumbnail of its first page and links to all."""
    rows = (_row(name, titles, graphs) for name, titles in _titles(policy).items())
    return _ABOUT + "\n".join(rows) + "\n"


def _titles(policy: Policy) -> dict[str, tuple[str, str]]:
    flows = {name: (flow.title.zh, flow.title.en) for name, flow in drawable(policy).items()}
    return {"overview": ("各流程的关系", "How the flows connect"), **flows}


def _pages(name: str, graphs: Mapping[str, Graph]) -> range:
    return range(1, graphs[f"{name}.svg"].pages + 1)


def _section(name: str, titles: tuple[str, str], graphs: Mapping[str, Graph]) -> str:
    zh, en = map(escape, titles)
    figures = "\n".join(_figure(paged(name, page), graphs) for page in _pages(name, graphs))
    return f'<section id="{name}">\n<h2>{zh} <small>{en}</small></h2>\n<div>\n{figures}\n</div>\n</section>'


def _figure(name: str, graphs: Mapping[str, Graph]) -> str:
    said = escape(" ".join(graphs[f"{name}.svg"].subtitle) or "中文")
    return (
        f'<figure><a href="{name}.svg"><img src="{name}.svg" alt="{said}" loading="lazy"></a>'
        f'<figcaption>{said} · <a href="{name}.en.svg">English</a></figcaption></figure>'
    )


def _row(name: str, titles: tuple[str, str], graphs: Mapping[str, Graph]) -> str:
    zh, en = (title.replace("|", "\\|") for title in titles)
    links = (
        " ".join(f"[{page}]({paged(name, page)}{ending})" for page in _pages(name, graphs))
        for ending in (".svg", ".en.svg")
    )
    thumbnail = f'<a href="{name}.svg"><img src="{name}.svg" width="120" alt="{escape(titles[0])}"></a>'
    return f"| {thumbnail}<br>{zh}<br>{en} | {' | '.join(links)} |"
