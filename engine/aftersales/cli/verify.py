"""``aftersales verify``: every law of a policy proved over all cases, or refuted by the smallest one that breaks it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from aftersales import PolicyError, load
from aftersales.cli.draw import picture_format
from aftersales.cli.misuse import cannot_write, no_such
from aftersales.cli.mutation import add_mutants, only_with_mutants, run_mutants
from aftersales.cli.numbers import count, milliseconds
from aftersales.cli.options import add_json, lang_of, output, print_json
from aftersales.draw import draw_path
from aftersales.policy.model import Policy
from aftersales.run.loaded import shipped_folder
from aftersales.show.progress import progress_on
from aftersales.show.verify import show_proofs, show_unreadable
from aftersales.study.found import way_of
from aftersales.study.proof import FolderProof, Wanted, compiled, law_names, prove_policy, unreadable
from aftersales.text import Text
from aftersales.verify.case_file import case_file, found_cases
from aftersales.verify.replay import Replay
from aftersales.verify.verdict import Proofs, Verdict

HELP = "prove every law over all cases, or show the smallest case that breaks it 对所有案件证明守则，或给出最小反例"

_MOST_PROCESSES: Final = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="default: the shipped policy 默认：随附规则")
    add = parser.add_argument
    add("--law", action="append", default=[], metavar="NAME", help="only this law; may be given several times 只证这条")
    add("--allow", action="append", default=[], metavar="NAME", help="this law may stay unknown 允许这条未知")
    add("--draw", metavar="PLACE", help="draw each case's path: a folder, or x.svg, x.png … 画出反例走过的路")
    add("--write", metavar="FOLDER", help="write each refuted law's case as a case file 把反例写成案件文件")
    add(
        "--timeout",
        type=milliseconds,
        metavar="SECONDS",
        help="for one question to the solver, default 20 每问限时（秒）",
    )
    add("--processes", type=count, default=_cores(), metavar="N", help="share the work, default: every core 进程数")
    add_mutants(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Prove what is asked; 1 where a law is refuted or, unless allowed by name, unknown. Raises MisuseError.

    With ``--mutants`` the policy's cases and laws are tested instead; 1 where they notice too few faults. What has to
    be installed is raised as MissingToolError once all that is known is printed.
    """
    folder = Path(options.folder) if options.folder else shipped_folder()
    if options.draw is not None and _is_file(options.draw):
        picture_format(options.draw)
    if options.mutants is not None:
        return run_mutants(load(folder), folder, options)
    only_with_mutants(options)
    policy = compiled(folder)
    if isinstance(policy, PolicyError):
        return _refused(unreadable(policy).proofs, options, folder.name)
    proof = _prove(policy, options)
    files = [*_case_files(proof.proofs, policy, options), *_pictures(proof.proofs, policy, options)]
    if options.json:
        print_json(proof.proofs.to_dict())
    else:
        show_proofs(proof.proofs, policy, lang_of(options), output())
    (sys.stderr if options.json else sys.stdout).writelines(f"{path}\n" for path in files)
    if proof.missing is not None:
        raise proof.missing
    return 0 if proof.proofs.holds else 1


def _refused(proofs: Proofs, options: argparse.Namespace, folder: str) -> int:
    if options.json:
        print_json(proofs.to_dict())
    else:
        show_unreadable(proofs, folder, lang_of(options), output())
    return 1


def _prove(policy: Policy, options: argparse.Namespace) -> FolderProof:
    wanted = Wanted(tuple(options.law), tuple(options.allow), options.timeout, options.processes)
    _known(policy, (*wanted.only, *wanted.allow))
    lang, done = lang_of(options), 0
    with progress_on(sys.stderr) as line:

        def tell(verdict: Verdict, of: int) -> None:
            nonlocal done
            done += 1
            line.at(done, of, f"{verdict.law}  {verdict.title.to(lang)}")

        return prove_policy(policy, wanted, tell)


def _known(policy: Policy, names: tuple[str, ...]) -> None:
    """Raise MisuseError for a name that is no law's."""
    known = law_names(policy)
    for name in names:
        if name not in known:
            raise no_such(Text("守则", "law"), name, known)


def _case_files(proofs: Proofs, policy: Policy, options: argparse.Namespace) -> Iterator[Path]:
    """Write the counterexample of each refuted law into the folder asked for."""
    if options.write is None:
        return
    replay = Replay(policy)
    for verdict in _with_cases(proofs):
        yield _saved(Path(options.write) / f"{verdict.law}.yaml", case_file(verdict, replay).encode())


def _pictures(proofs: Proofs, policy: Policy, options: argparse.Namespace) -> Iterator[Path]:
    """Draw the way of each found case: into a folder, or as the file named, behind whose name stands the law where there are several."""
    if options.draw is None:
        return
    replay, asked = Replay(policy), Path(options.draw)
    into_folder = not _is_file(options.draw)
    fmt = "svg" if into_folder else picture_format(options.draw)
    found = [case for verdict in _with_cases(proofs) for case in found_cases(verdict)]
    for one in found:
        way = way_of(one.case, replay)
        if way is not None:
            several = asked.with_name(f"{asked.stem}-{one.name}.{fmt}") if len(found) > 1 else asked
            path = asked / f"{one.name}.{fmt}" if into_folder else several
            yield _saved(path, draw_path(policy, way.decision, lang=options.lang, fmt=fmt))


def _is_file(place: str) -> bool:
    """Return whether ``--draw`` names a picture, and not a folder for pictures."""
    return bool(Path(place).suffix) and not Path(place).is_dir()


def _with_cases(proofs: Proofs) -> tuple[Verdict, ...]:
    return tuple(verdict for verdict in proofs.of("refuted") if verdict.finding.example is not None)


def _saved(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as why:
        raise cannot_write(str(path), why) from why
    return path


def _cores() -> int:
    return min(os.cpu_count() or 1, _MOST_PROCESSES)
