"""What the shipped handbook holds: nothing of the policy is left out, and nothing is said that is not so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import pytest

from aftersales.draw import drawable
from aftersales.draw.ways import shown_states
from aftersales.expr.types import Value
from aftersales.money import show_money
from aftersales.policy.model import Policy, State
from aftersales.policy.rules import ConductRule
from aftersales.run.decision import MoneyItem
from aftersales.run.loaded import LoadedPolicy
from aftersales.show.titles import Titles
from aftersales.study.decide import decide_written
from aftersales.teach.handbook.decisions import decision_of
from aftersales.teach.handbook.examples import MOST_CASES, Example, chosen, decided_cases
from aftersales.teach.handbook.model import Book, Box, Chapter, Line, Paragraph, Picture, Table, Tone
from aftersales.teach.handbook.rules import rules_table
from aftersales.teach.handbook.voice import LANGS, Voice
from aftersales.text import Lang
from handbook_text import blocks, chapter_of, lines, runs, tables, text


@pytest.fixture(scope="module")
def examples(policy: LoadedPolicy) -> tuple[Example, ...]:
    """The worked cases that the handbook chooses from."""
    return decided_cases(policy)


@pytest.fixture(scope="module")
def chapters(policy: LoadedPolicy, book: Book) -> Mapping[str, Chapter]:
    """The chapters of all flows and sub-flows by name."""
    return {name: chapter_of(book, flow.title.zh) for name, flow in drawable(policy.model).items()}


def test_every_flow_has_a_chapter_with_its_pictures(book: Book, chapters: Mapping[str, Chapter]) -> None:
    """Flows and sub-flows, each once; the numbers run on through the book."""
    assert len({chapter.anchor for chapter in chapters.values()}) == len(chapters)
    assert [chapter.number for chapter in book.chapters] == list(range(1, len(book.chapters) + 1))
    assert [name for name, chapter in chapters.items() if not any(isinstance(b, Picture) for b in chapter.lead)] == []


def test_flows_stand_as_they_are_met(policy: LoadedPolicy, chapters: Mapping[str, Chapter]) -> None:
    """First where every case begins, then what it leads to in the author's order, before what only those lead to."""
    numbers = {name: chapter.number for name, chapter in chapters.items()}
    order = sorted(policy.model.flows, key=lambda name: numbers[name])
    assert order[:4] == [policy.model.root, "not_received", "not_shipped", "no_reason_return"]
    assert order[-1] == "true_issue"
    assert max(map(numbers.__getitem__, order)) < min(number for name, number in numbers.items() if name not in order)


def test_every_step_has_a_box_and_every_end_a_row(policy: LoadedPolicy, chapters: Mapping[str, Chapter]) -> None:
    """With the title of each; an end also says its outcome, and who is liable."""
    model = policy.model
    for name, flow in drawable(model).items():
        shown = [model.states[key] for key in shown_states(model, flow)]
        steps = [block for block in blocks(chapters[name]) if isinstance(block, Box) and block.tone is Tone.STEP]
        assert {box.title[1].words[0].strip() for box in steps} == {s.title.zh for s in shown if s.end is None}
        assert len(steps) == sum(state.end is None for state in shown)
        rows = [row for table in tables(chapters[name], "end") for row in table.rows]
        said = [(row.cells[0][0][1].words[0].strip(), row.cells[0][1][0].words[0]) for row in rows]
        assert said == [(s.title.zh, model.outcomes[s.end.outcome].zh) for s in shown if s.end is not None]
        assert all(row.cells[1][0][0].words[0].startswith("责任：") for row in rows)
        assert all(row.cells[2] and row.cells[4] for row in rows)


def test_every_way_on_is_in_a_table(policy: LoadedPolicy) -> None:
    """Merging rows loses no place that a step leads to, and no answer that the author named."""
    model = policy.model
    for state in model.states.values():
        decision = decision_of((state,))
        assert {way.target for way in decision.ways} == {branch.target for branch in state.branches}


def test_every_question_the_engine_asks_is_in_the_chapter(
    policy: LoadedPolicy, chapters: Mapping[str, Chapter], examples: Sequence[Example]
) -> None:
    """Whatever a case of the flow still needs is asked there: of the same person, in the same words."""
    asked = {name: text(chapter) for name, chapter in chapters.items()}
    missed = set()
    for example in examples:
        decision = example.decision
        places = (decision.flow, *_sub_flows(policy.model, decision.flow, decision.state))
        for need in decision.needs:
            fact = policy.model.facts[need.fact]
            shown = need.ask.zh if fact.answered_by != "order" else fact.title.zh
            if not any(shown in asked[place] for place in places):
                missed.add((decision.flow, decision.state, need.fact))
    assert missed == set()


def _sub_flows(model: Policy, flow: str, state: str) -> list[str]:
    """Return the sub-flows that a state stands in."""
    above = [".".join(state.split(".")[:length]) for length in range(1, state.count(".") + 1)]
    return [uses for name in above if (uses := model.states[f"{flow}.{name}"].uses) is not None]


def test_answers_are_those_to_choose_from(chapters: Mapping[str, Chapter]) -> None:
    """All answers of a short list, only what is offered of an offer, only what makes a difference of a long list."""
    answers = {
        row.cells[0][0][0].words[0]: row.cells[2][0][0].words[0]
        for row in next(table for table in tables(chapters["wrong_item"], "plain")).rows
    }
    assert answers["买家发照片或视频了吗，还是说没有、拍不了？"] == "已发照片 / 买家说没有照片"
    assert "其他" not in answers["出库单、称重和打包视频证明谁说得对？"]
    assert answers["买家希望怎么处理？"] == "退货退款 / 换货 / 补发 / 部分退款（留下商品）"
    issues = {
        name: next(row for table in tables(chapters[name], "plain") for row in table.rows).cells[2][0][0].words[0]
        for name in ("quality_issue", "not_received")
    }
    assert issues == {
        "quality_issue": "质量问题 / 与实物不符 / 运输途中损坏 / 怀疑假货",
        "not_received": "催发货／问订单到哪了 / 没收到货 / 拒收 / 其他",
    }


def test_rows_left_over_say_what_is_left(chapters: Mapping[str, Chapter]) -> None:
    """One answer that is left is named, many by what a case brings along; of an amount how it compares."""
    left = {
        name: {row.cells[0][0][0].words[0] for table in tables(chapter, "step") for row in table.rows[-1:]}
        for name, chapter in chapters.items()
    }
    assert "卖家" in left["lost_parcel"]
    assert "其他（如催发货／问订单到哪了、没收到货）" in left["not_received"]
    assert "等于本次售后商品实付 − 其他售后已退货款" in left["buyer_exchange"]
    rows = {
        "".join(run.words[0] for cell in row.cells for line in cell for run in line)
        for chapter in chapters.values()
        for table in tables(chapter, "step")
        for row in table.rows
    }
    for said in (
        "已付款过了保价期结局",
        "发票有误至少 1 次结局",
        "支持买家或双方调解一致—步骤",
        "退款未签收—步骤",
        "退回运费大于 0步骤",
    ):
        assert any(row.startswith(said) for row in rows), said
    assert not any("否则" in row for row in rows)
    assert "质量问题或运输途中损坏" in left["quality_issue"]


def test_what_leads_to_one_place_is_said_once(chapters: Mapping[str, Chapter]) -> None:
    """A sub-flow that goes on in one place has no table; deadlines that lead to the same place share a line."""
    boxes = [block for block in blocks(chapters["not_received"]) if isinstance(block, Box)]
    (box,) = (box for box in boxes if box.title[1].words[0].strip() == "补发并跟到签收")
    said = ["".join(run.words[0] for run in block.line) for block in box.blocks if isinstance(block, Paragraph)]
    assert not any(isinstance(block, Table) for block in box.blocks)
    assert [line for line in said if line.startswith("接着：")] == ["接着：结局 8 已补发并签收"]
    assert [line.partition("逾期")[0] for line in said if "逾期" in line] == [
        "“没赶上揽收，催发货”或“补发件未到，向快递查件”"
    ]


def test_who_owes_what_besides_stands_at_the_head(policy: LoadedPolicy, chapters: Mapping[str, Chapter]) -> None:
    """Whoever does something in a step is named there, also where it is only owed besides."""
    voice = Voice(policy.model, LANGS["zh"])
    for name, flow in drawable(policy.model).items():
        steps = [box for box in blocks(chapters[name]) if isinstance(box, Box) and box.tone is Tone.STEP]
        boxes = {box.title[1].words[0].strip(): box for box in steps}
        for state in (policy.model.states[key] for key in shown_states(policy.model, flow)):
            if state.end is None:
                head = "".join(run.words[0] for run in boxes[state.title.zh].aside)
                owed = (*(each.action for each in state.do), *state.duties)
                assert all(voice.who(policy.model.actions[one].by)[0] in head for one in owed), state.key


def test_no_answer_on_offer_is_lost(policy: LoadedPolicy, chapters: Mapping[str, Chapter]) -> None:
    """Whatever a step of a flow offers, or its table names where it offers nothing, is printed with its question."""
    model, looked_at = policy.model, 0
    titles = Titles(model, Lang.ZH)
    for name, chapter in chapters.items():
        flow = drawable(model)[name]
        rows = [row for table in tables(chapter, "plain") for row in table.rows if len(row.cells) == len(table.heads)]
        printed = {row.cells[0][0][0].words[0]: row.cells[2][0][0].words[0].split(" / ") for row in rows}
        for state in (model.states[key] for key in shown_states(model, flow)):
            for fact, values in _to_choose(state):
                ask = model.facts[fact].ask
                if ask is not None and model.facts[fact].answered_by != "order":
                    assert {titles.value(fact, value) for value in values} <= set(printed[ask.zh]), (state.key, fact)
                    looked_at += len(values)
    assert looked_at > 200


def _to_choose(state: State) -> Iterator[tuple[str, set[Value]]]:
    """Yield the facts with words for values that a state's offers or table name, with these values."""
    offered = {offer.fact: {value for value, _ in offer.options} for offer in state.offers if offer.options}
    yield from offered.items()
    for way in decision_of((state,)).ways:
        for fact, said in way.answers.items():
            words: set[Value] = {value for value in said.values if isinstance(value, str)}
            if words and fact not in offered:
                yield fact, words


def test_every_forbidden_phrase_is_listed(policy: LoadedPolicy, book: Book) -> None:
    """Each rule of conduct, each phrase in its language, and what it costs."""
    said = text(book.chapters[1])
    rules = policy.model.conduct.rules.values()
    both = "\n".join(line[0].words[0] for line in _phrases(rules, policy.model, "both"))
    for rule in rules:
        assert rule.title.zh in said
        assert [phrase for phrase in rule.words if phrase not in both] == []
        assert [phrase for phrase in rule.words if not phrase.isascii() and phrase not in said] == []


def test_phrases_of_another_language_are_left_out(policy: LoadedPolicy) -> None:
    """A Chinese book forbids Chinese phrases and an English one English ones; names and addresses stand in both."""
    rules = policy.model.conduct.rules.values()
    chinese, english = (
        [phrase for line in _phrases(rules, policy.model, lang) for phrase in line[0].words[0].split(" / ")]
        for lang in ("zh", "en")
    )
    assert [phrase for phrase in english if not phrase.isascii()] == []
    assert [phrase for phrase in chinese if phrase.isascii()] == ["http://", "https://", "www.", "QQ"]
    assert {"http://", "QQ", "shut up", "cashback"} <= set(english)


def _phrases(rules: Iterable[ConductRule], policy: Policy, lang: str) -> list[Line]:
    """Return the lines of phrases of a book in ``lang``, a rule each."""
    rows = rules_table((rule for rule in rules if rule.words), Voice(policy, LANGS[lang])).rows
    return [row.cells[1][0] for row in rows]


def test_rules_near_a_flow_are_repeated_there(chapters: Mapping[str, Chapter]) -> None:
    """An invoice is refused nowhere else than in the invoice's flow; reviews are no matter of a wrong item."""
    near = {name: "\n".join(_rules(chapter)) for name, chapter in chapters.items()}
    assert [name for name, rules in near.items() if "发票有求必开" in rules] == ["invoice"]
    assert [name for name, rules in near.items() if "在承诺时间内发货" in rules] == [
        *("change_carrier", "late_shipment", "not_shipped", "order_details", "presale")
    ]
    assert "不用钱或压力换好评" in near["complaint"]
    assert near["wrong_item"] == ""


def test_no_section_is_empty(chapters: Mapping[str, Chapter]) -> None:
    """A flow that no rule is near to has no heading for rules, only one that has them points to those for all."""
    for name, chapter in chapters.items():
        titles = [section.title for section in chapter.sections]
        assert (("这里尤其不能说、不能做",) in titles) is bool(_rules(chapter)), name
        assert all(section.blocks for section in chapter.sections)


def _rules(chapter: Chapter) -> list[str]:
    return [row.cells[0][0][0].words[0] for table in tables(chapter, "never") for row in table.rows]


def test_rhythm_opens_the_book(policy: LoadedPolicy, book: Book) -> None:
    """Soothe, verify, handle, track, follow up, with the scripts of each."""
    (table,) = tables(book.chapters[0], "say")
    assert [row.cells[0][0][0].words[0] for row in table.rows] == [
        *("1. 安抚", "2. 核实", "3. 处理", "4. 跟踪", "5. 回访")
    ]
    soothe = policy.model.actions["soothe"].say
    assert soothe is not None
    assert soothe.zh in text(book.chapters[0])


def test_every_script_is_shown_with_its_slots_titled(policy: LoadedPolicy, book: Book) -> None:
    """Each script of an action that some state owes, no placeholder left as code."""
    whole = "\n".join(map(text, book.chapters))
    owed = {each.action for state in policy.model.states.values() for each in state.do}
    for name in owed:
        say = policy.model.actions[name].say
        parts = say.zh.replace("}", "{").split("{")[::2] if say is not None else ()
        assert [part for part in parts if part not in whole] == []
    assert "{" not in whole


def test_cases_are_the_engines(
    policy: LoadedPolicy, chapters: Mapping[str, Chapter], examples: Sequence[Example]
) -> None:
    """Every amount of a case in the book is what deciding it again gives, with its derivation; nothing is left out."""
    for name in policy.model.flows:
        boxes = [block for block in blocks(chapters[name]) if isinstance(block, Box) and block.tone is Tone.CASE]
        shown = chosen(examples, name)
        assert len(boxes) == len(shown) > 0
        for box, example in zip(boxes, shown, strict=True):
            decision = decide_written(policy, example.case)
            assert decision.flow == name
            refund = decision.refund
            charged = (*refund.lines, *decision.charges, *decision.recover)
            wanted = [*map(_sum, charged), *(show_money(item.amount) for item in refund.deductions)]
            wanted += [show_money(refund.total)] if refund.lines or refund.deductions else []
            assert sorted(_amounts(box)) == sorted(wanted)


def test_a_case_tells_each_answer_once(chapters: Mapping[str, Chapter]) -> None:
    """What the row above has told is not told again at the same time, nor that nothing was counted yet."""
    looked_at = 0
    for chapter in chapters.values():
        for table in tables(chapter, "case"):
            if table.heads[1] == ("因为",):
                rows = [(row.cells[0], set(row.cells[1][0][0].words[0].split("；"))) for row in table.rows]
                assert all(time or why.isdisjoint(above) for (_, above), (time, why) in pairwise(rows))
                looked_at += len(rows)
    assert looked_at > 300
    assert "请买家补拍照片的次数：0" not in "".join(map(text, chapters.values()))


def _sum(item: MoneyItem) -> str:
    return show_money(item.amount)


def _amounts(box: Box) -> list[str]:
    """Return what the last column but one of a case's money table says."""
    return [
        row.cells[1][0][0].words[0]
        for block in box.blocks
        if isinstance(block, Table) and block.heads[0] == ("金额项目",)
        for row in block.rows
    ]


def test_cases_show_more_than_one_thing(examples: Sequence[Example], policy: LoadedPolicy) -> None:
    """No flow has more than a few cases, no end is shown twice, and one is still open where there is one."""
    for name in policy.model.flows:
        cases = chosen(examples, name)
        assert len(cases) <= MOST_CASES
        assert len({case.decision.state for case in cases}) == len(cases)


def test_links_lead_somewhere(book: Book) -> None:
    """No anchor stands twice, and every link has one."""
    anchors = [chapter.anchor for chapter in book.chapters]
    for chapter in book.chapters:
        for block in blocks(chapter):
            anchors += [block.anchor] if isinstance(block, Box) and block.anchor else []
            anchors += [row.anchor for row in getattr(block, "rows", ()) if row.anchor]
    assert len(set(anchors)) == len(anchors)
    assert {run.to for chapter in book.chapters for run in runs(chapter) if run.to} <= set(anchors)


def test_no_code_is_left(policy: LoadedPolicy, book: Book) -> None:
    """Conditions and amounts are said in words: no name of a fact and no state key stands in a flow's chapter."""
    names = {name for name in policy.model.facts if "_" in name}
    for chapter in book.parts[1].chapters:
        for line in lines(chapter):
            said = "".join(run.words[0] for run in line if run.to is None)
            assert names.isdisjoint(said.replace("，", " ").replace("＝", " ").split()), said
            assert " == " not in said


def test_reference_is_whole(policy: LoadedPolicy, book: Book) -> None:
    """Every figure, register, source and title can be looked up."""
    model = policy.model
    figures, registers, sources, glossary = (text(chapter) for chapter in book.parts[-1].chapters)
    assert [param.name for param in model.params.values() if param.title.zh not in figures] == []
    assert [one.name for one in model.lists.values() if one.title.zh not in registers] == []
    assert [one.id for one in model.sources.values() if one.title.zh not in sources] == []
    titles = [fact.title for fact in model.facts.values()] + [action.title for action in model.actions.values()]
    titles += [state.title for state in model.states.values()] + [flow.title for flow in model.flows.values()]
    assert [title for title in titles if title.zh not in glossary or title.en not in glossary] == []


def test_sources_are_given_by_their_ids(book: Book, chapters: Mapping[str, Chapter]) -> None:
    """An id that ends with its article says it; the list of sources, in order, says it in full."""
    listed = chapter_of(book, "依据")
    assert "L24" in text(chapters["quality_issue"])
    assert not any("L24 第" in text(chapter) for chapter in chapters.values())
    ids = [row.cells[0][0][0].words[0] for table in tables(listed, "plain") for row in table.rows]
    assert "L24 第 24 条" in ids
    assert ids.index("T7 第 7 条") < ids.index("T15 第 15 条")
    reading = text(book.chapters[2])
    assert f"从第 {chapters['reception'].number} 章开始" in reading
    assert f"在第 {listed.number} 章" in reading


def test_terms_stand_once_in_the_glossary(book: Book) -> None:
    """A Chinese term with two English ones has one row with both."""
    sections = book.parts[-1].chapters[-1].sections
    kinds = [table for section in sections for table in section.blocks if isinstance(table, Table)]
    terms = [[row.cells[0][0][0].words[0] for row in table.rows] for table in kinds]
    assert all(len(set(kind)) == len(kind) for kind in terms)
    (both,) = (row.cells[1][0][0].words[0] for row in kinds[-1].rows if row.cells[0][0][0].words[0] == "验货属实")
    assert set(both.split("; ")) == {"The inspection confirms it", "The inspection finds the defect"}


def test_figures_name_for_whom_they_hold(book: Book) -> None:
    """Next to a platform's own figure the one for all others is named so; a source without a short id shows none."""
    figures, _, sources, _ = (text(chapter) for chapter in book.parts[-1].chapters)
    assert "微信：5" in figures
    assert "其他：3" in figures
    assert "：其余" not in figures
    assert "shop_choice" not in sources


def test_sizes_are_counted(chapters: Mapping[str, Chapter]) -> None:
    """A sub-flow has no ends to count."""
    sizes = {name: text(chapter).partition("一共：")[2].partition("\n")[0] for name, chapter in chapters.items()}
    assert sizes["reception"] == "1 步，3 种结局"
    assert sizes["return_parcel"] == "4 步"
    assert not any(size.endswith("，0 种结局") for size in sizes.values())
