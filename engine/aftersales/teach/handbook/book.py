"""Makes the handbook of a policy, before it is set: the chapters in their order, with every number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from aftersales.errors import Diagnostic, DrawingError, did_you_mean
from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook import reference, words, work
from aftersales.teach.handbook.atlas import Atlas, chart
from aftersales.teach.handbook.chapters import flow_chapter
from aftersales.teach.handbook.examples import Example, decided_cases
from aftersales.teach.handbook.model import Book, Chapter, Part, Picture
from aftersales.teach.handbook.pictures import Pictures, start_drawing
from aftersales.teach.handbook.targets import Here
from aftersales.teach.handbook.terms import carried
from aftersales.teach.handbook.voice import LANGS, Voice
from aftersales.text import Lang, Text

#: Rhythm, conduct and overview come before the flows.
_FIRST_FLOW = 4
_SHORT_DIGEST = 12


def make_book(
    policy: LoadedPolicy, lang: str = "zh", drawn: Callable[[Sequence[Picture]], object] | None = None
) -> Book:
    """Make the handbook of a policy in ``zh``, ``en`` or ``both``, with the worked cases of its folder.

    ``drawn`` is handed the flows' pictures as soon as they are there, while the book is still being made.

    Raises ``DrawingError`` for another language, and where Graphviz is missing.
    """
    voice = Voice(policy.model, _langs(lang))
    with ThreadPoolExecutor() as pool:
        pictures = start_drawing(voice, lang, pool, drawn)
        examples = decided_cases(policy)
        parts = tuple(_parts(voice, pictures, examples))
    return _bound(voice, parts, lang)


def _langs(lang: str) -> tuple[Lang, ...]:
    if lang not in LANGS:
        message = Text(f"没有语言 {lang}", f"there is no language {lang}")
        raise DrawingError(Diagnostic("unknown_language", message, hint=did_you_mean(lang, LANGS)))
    return LANGS[lang]


def _parts(voice: Voice, pictures: Pictures, examples: Sequence[Example]) -> Iterator[Part]:
    atlas = chart(voice.policy, _FIRST_FLOW)
    conduct = work.conduct(voice, 2)
    makers = (reference.figures, reference.registers, reference.sources, reference.glossary)
    number = _FIRST_FLOW + len(atlas.flows)
    listed = number + makers.index(reference.sources)
    yield Part(
        voice.of(words.PART_WORK),
        (work.rhythm(voice, 1), conduct, work.overview(pictures.overview(), voice, _FIRST_FLOW - 1, listed)),
    )
    chapters = tuple(_flow_chapters(atlas, voice, pictures, examples, conduct))
    flows = len(voice.policy.flows)
    yield Part(voice.of(words.PART_FLOWS), chapters[:flows])
    if chapters[flows:]:
        yield Part(voice.of(words.PART_SUB_FLOWS), chapters[flows:])
    yield Part(voice.of(words.PART_REFERENCE), tuple(make(voice, number + place) for place, make in enumerate(makers)))


def _flow_chapters(
    atlas: Atlas, voice: Voice, pictures: Pictures, examples: Sequence[Example], conduct: Chapter
) -> Iterator[Chapter]:
    held = carried(voice.policy)
    for name, flow_map in atlas.flows.items():
        here = Here(atlas, flow_map, voice)
        yield flow_chapter(here, pictures.flow(name), examples, held, conduct)


def _bound(voice: Voice, parts: tuple[Part, ...], lang: str) -> Book:
    policy = voice.policy
    counts = (len(policy.flows), len(policy.sub_flows))
    title = voice.of(policy.title)
    cover = (
        (voice.of(words.POLICY), title),
        (voice.of(words.VERSION), voice.same(policy.version)),
        (voice.of(words.DIGEST), voice.same(policy.digest)),
    )
    return Book(
        title=voice.filled(words.TITLE, title),
        subtitle=voice.filled(words.COUNTED, *(voice.same(count) for count in counts)),
        stamp=f"{title[0]} {policy.version} · {policy.digest[:_SHORT_DIGEST]}",
        cover=cover,
        contents=voice.of(words.CONTENTS),
        parts=parts,
        lang=lang,
    )
