"""Policies that were read and checked once, kept for the next start in the user's own cache folder.

What is kept is found by everything that it rests on: every byte of the policy's files, this package, this Python. It is
read only from a folder and a file that belong to this user and that nobody else can write, and only where the seal on
it, made with a key that lies beside it, is whole; then only the classes that a policy is made of are put together.
Whatever does not fit is passed over, and the policy is read from its files again.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from os import path
from typing import Final

from aftersales.digests import blake2b
from aftersales.policy.cache_folder import cache_folder
from aftersales.policy.model import Policy
from aftersales.policy.packed import Packed, pack, unpack
from aftersales.syntax.files import PolicyFile, digest_of

_FORM: Final = 3
#: The rooms of this package that what is kept rests on: what reads and checks policies, and what writes functions.
_ROOMS: Final = ("", "case", "expr", "policy", "policy/checks", "run", "run/function", "syntax")
_KEY: Final = "key"
_KEY_BYTES: Final = 32
_SEAL_BYTES: Final = 32
#: A kept policy larger than this is not read.
_LARGEST: Final = 100_000_000
#: Kept policies beyond these are removed, the oldest first.
_MOST_KEPT: Final = 16


def recall(folder: str | os.PathLike[str], files: Mapping[str, PolicyFile]) -> Packed | None:
    """Return the policy of ``folder`` as it was kept for these very files; ``None`` where nothing sound is kept."""
    place = cache_folder()
    data = None if place is None else _unsealed(place, _name(folder, files))
    if data is None:
        return None
    try:
        kept = unpack(data, files)
    except Exception:  # noqa: BLE001 (whatever is wrong with it, the files are there to be read)
        return None
    return kept if kept.policy.folder == os.fspath(folder) else None


def keep(policy: Policy, files: Mapping[str, PolicyFile], codes: Callable[[], Mapping[str, bytes]] = dict) -> None:
    """Keep a checked policy, and ``codes`` that go with it, for the next start; where that cannot be done, nothing happens.

    ``files`` are those of its folder; where they are no longer what the policy was read from, it is not kept.
    """
    place = cache_folder()
    if place is None or digest_of(files) != policy.digest:
        return
    with contextlib.suppress(OSError, pickle.PicklingError, RecursionError):
        os.makedirs(place, mode=0o700, exist_ok=True)
        if not _is_ours(os.lstat(place), folder=True):
            return
        key = _key(place) or _new_key(place)
        name = _name(policy.folder, files)
        data = pack(Packed(policy, codes()))
        _put(path.join(place, name), _sealed(key, name, data) + data)
        _tidy(place)


def _name(folder: str | os.PathLike[str], files: Mapping[str, PolicyFile]) -> str:
    """Return the name of the file for all that a kept policy rests on.

    It is over all bytes of the policy's files, by BLAKE2, which takes a third of the time of the policy's own digest.
    """
    rests_on = (str(_FORM), os.fspath(folder), sys.version, *_package())
    digest = blake2b("|".join(rests_on).encode(), digest_size=32)
    for file in files.values():
        name = file.name.encode()
        digest.update(b"%d %d %b" % (len(name), len(file.data), name))
        digest.update(file.data)
    return f"{digest.hexdigest()}.policy"


def _package() -> Iterator[str]:
    """Yield what tells one state of this package from another: its files with their sizes and times."""
    root = path.dirname(path.dirname(__file__))
    for room in _ROOMS:
        with os.scandir(path.join(root, room)) as entries:
            found = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py")]
        yield from (f"{room}/{name} {facts.st_size} {facts.st_mtime_ns}" for name, facts in sorted(found))


# ── the seal ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _unsealed(place: str, name: str) -> bytes | None:
    """Return what a file holds behind its seal; ``None`` where it is not there, not ours, or not whole."""
    try:
        ours = _is_ours(os.lstat(place), folder=True)
    except OSError:
        return None
    key = _key(place) if ours else None
    kept = None if key is None else _bytes(path.join(place, name))
    if key is None or kept is None:
        return None
    seal, data = kept[:_SEAL_BYTES], kept[_SEAL_BYTES:]
    return data if seal == _sealed(key, name, data) else None  # only this user could try seals, who may read the key


def _sealed(key: bytes, name: str, data: bytes) -> bytes:
    """Return the seal: keyed BLAKE2, which is faster than an HMAC and no easier to forge."""
    seal = blake2b(name.encode(), key=key, digest_size=_SEAL_BYTES)
    seal.update(data)
    made: bytes = seal.digest()
    return made


def _key(place: str) -> bytes | None:
    key = _bytes(path.join(place, _KEY))
    return key if key is not None and len(key) == _KEY_BYTES else None


def _new_key(place: str) -> bytes:
    key = os.urandom(_KEY_BYTES)
    _put(path.join(place, _KEY), key)
    return key


def _is_ours(facts: os.stat_result, *, folder: bool) -> bool:
    """Return whether something is a folder (or a file) of this user's that nobody else can write."""
    kind = stat.S_ISDIR if folder else stat.S_ISREG
    return kind(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o022


def _bytes(file: str) -> bytes | None:
    """Return the bytes of a file of ours, never through a link; ``None`` where there is none."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    with open(handle, "rb", buffering=0) as kept:  # the handle, so that the file asked about is the one that is read
        facts = os.fstat(handle)
        return kept.readall() if _is_ours(facts, folder=False) and facts.st_size <= _LARGEST else None


def _put(file: str, data: bytes) -> None:
    """Write a file that only this user may read, whole or not at all."""
    fresh = path.join(path.dirname(file), f".{path.basename(file)}.{os.urandom(8).hex()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with open(handle, "wb") as whole:
            whole.write(data)
        os.replace(fresh, file)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fresh)
        raise


def _tidy(place: str) -> None:
    """Remove what was kept longest ago, beyond what is kept."""
    with os.scandir(place) as entries:
        kept = [(entry.stat(follow_symlinks=False).st_mtime_ns, entry.path) for entry in entries]
    policies = sorted((each for each in kept if each[1].endswith(".policy")), reverse=True)
    for _, file in policies[_MOST_KEPT:]:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(file)
