"""Makes the handbook of a policy, before it is set: the chapters in their order, with every number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from aftersales.errors import Diagnostic, DrawingError, did_you_mean
from aftersales.garbage import PutOff
from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook import reference, words, work
from aftersales.teach.handbook.atlas import Atlas, chart
from aftersales.teach.handbook.chapters import flow_chapter
from aftersales.teach.handbook.examples import Example, decided_cases
from aftersales.teach.handbook.model import Book, Chapter, Part, Picture
from aftersales.teach.handbook.pictures import Pictures, drawing
from aftersales.teach.handbook.targets import Here
from aftersales.teach.handbook.terms import carried
from aftersales.teach.handbook.voice import LANGS, Voice
from aftersales.text import Lang, Text

#: Rhythm, conduct and overview come before the flows.
_FIRST_FLOW = 4
_SHORT_DIGEST = 12


def make_book(policy: LoadedPolicy, lang: str = "zh") -> Book:
    """Make the handbook of a policy in ``zh``, ``en`` or ``both``, with the worked cases of its folder.

    Raises ``DrawingError`` for another language, and where Graphviz is missing.
    """
    voice = Voice(policy.model, _langs(lang))
    with PutOff(), drawing(voice, lang) as pictures:
        examples = decided_cases(policy)
        parts = tuple(_parts(voice, pictures, examples))
    return _bound(voice, parts, lang)


def _langs(lang: str) -> tuple[Lang, ...]:
    if lang not in LANGS:
        message = Text(f"没有语言 {lang}", f"there is no language {lang}")
        raise DrawingError(Diagnostic("unknown_language", message, hint=did_you_mean(lang, LANGS)))
    return LANGS[lang]


def _parts(voice: Voice, pictures: Pictures, examples: Sequence[Example]) -> Iterator[Part]:
    """Yield the parts; what has no picture is made first, while the pictures are drawn."""
    atlas = chart(voice.policy, _FIRST_FLOW, pictures.arrivals)
    rhythm, conduct = work.rhythm(voice, 1), work.conduct(voice, 2)
    told = tuple(_flow_chapters(atlas, voice, examples, conduct))
    number = _FIRST_FLOW + len(told)
    makers = (reference.figures, reference.registers, reference.sources, reference.glossary)
    last = tuple(make(voice, number + place) for place, make in enumerate(makers))
    listed = number + makers.index(reference.sources)
    overview = work.overview(pictures.overview(), voice, _FIRST_FLOW - 1, listed)
    yield Part(voice.of(words.PART_WORK), (rhythm, conduct, overview))
    chapters = tuple(
        _illustrated(chapter, pictures.flow(name)) for name, chapter in zip(atlas.flows, told, strict=True)
    )
    flows = len(voice.policy.flows)
    yield Part(voice.of(words.PART_FLOWS), chapters[:flows])
    if chapters[flows:]:
        yield Part(voice.of(words.PART_SUB_FLOWS), chapters[flows:])
    yield Part(voice.of(words.PART_REFERENCE), last)


def _flow_chapters(atlas: Atlas, voice: Voice, examples: Sequence[Example], conduct: Chapter) -> Iterator[Chapter]:
    held = carried(voice.policy)
    for flow_map in atlas.flows.values():
        yield flow_chapter(Here(atlas, flow_map, voice), examples, held, conduct)


def _illustrated(chapter: Chapter, pictures: Sequence[Picture]) -> Chapter:
    return replace(chapter, lead=(*chapter.lead, *pictures))


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
