"""Policies that were read and checked once, kept for the next start in the user's own cache folder.

What is kept is found by everything that it rests on: the digest of the policy's files, this package, this Python. It is
read only from a folder and a file that belong to this user and that nobody else can write, and only where the seal on
it, made with a key that lies beside it, is whole; then only the classes that a policy is made of are put together.
Whatever does not fit is passed over, and the policy is read from its files again.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import pickle
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from aftersales.policy.model import Policy
from aftersales.policy.packed import pack, unpack

#: Where policies are kept: a folder, or ``off``. Without it, a folder of the user's cache.
SETTING: Final = "AFTERSALES_CACHE"
OFF: Final = "off"

_FORM: Final = 1
_KEY: Final = "key"
_KEY_BYTES: Final = 32
_SEAL: Final = hashlib.sha256
_SEAL_BYTES: Final = 32
#: A kept policy larger than this is not read.
_LARGEST: Final = 100_000_000
#: Kept policies beyond these are removed, the oldest first.
_MOST_KEPT: Final = 16


def recall(folder: Path, digest: str) -> Policy | None:
    """Return the policy of ``folder`` as it was kept for files of this digest; ``None`` where nothing sound is kept."""
    place = _place()
    data = None if place is None else _unsealed(place, _name(folder, digest))
    if data is None:
        return None
    try:
        policy = unpack(data)
    except Exception:  # noqa: BLE001 (whatever is wrong with it, the files are there to be read)
        return None
    if policy.digest == digest and policy.folder == str(folder):
        return policy
    return None


def keep(policy: Policy) -> None:
    """Keep a checked policy for the next start; where that cannot be done, nothing happens."""
    place = _place()
    if place is None:
        return
    with contextlib.suppress(OSError, pickle.PicklingError, RecursionError):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(place.lstat(), folder=True):
            return
        key = _key(place) or _new_key(place)
        name = _name(Path(policy.folder), policy.digest)
        data = pack(policy)
        _put(place / name, _sealed(key, name, data) + data)
        _tidy(place)


def _place() -> Path | None:
    """Return the folder that policies are kept in; ``None`` where none are to be kept or nobody can say whose it is."""
    told = os.environ.get(SETTING)
    if told == OFF or not hasattr(os, "geteuid"):
        return None
    if told:
        return Path(told)
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("HOME")
    if not home or not Path(home).is_absolute():
        return None
    return Path(home, "aftersales") if os.environ.get("XDG_CACHE_HOME") else Path(home, ".cache", "aftersales")


def _name(folder: Path, digest: str) -> str:
    """Return the name of the file for all that a kept policy rests on."""
    rests_on = (str(_FORM), digest, str(folder), sys.version, *_package())
    return f"{_SEAL('|'.join(rests_on).encode()).hexdigest()}.policy"


def _package() -> Iterator[str]:
    """Yield what tells one state of this package from another: its files with their sizes and times."""
    root = Path(__file__).parents[1]
    for room in (root, *(root / name for name in ("expr", "policy", "syntax"))):
        with os.scandir(room) as entries:
            found = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py")]
        yield from (f"{room.name}/{name} {facts.st_size} {facts.st_mtime_ns}" for name, facts in sorted(found))


# ── the seal ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _unsealed(place: Path, name: str) -> bytes | None:
    """Return what a file holds behind its seal; ``None`` where it is not there, not ours, or not whole."""
    try:
        ours = _is_ours(place.lstat(), folder=True)
    except OSError:
        return None
    key = _key(place) if ours else None
    kept = None if key is None else _bytes(place / name)
    if key is None or kept is None:
        return None
    seal, data = kept[:_SEAL_BYTES], kept[_SEAL_BYTES:]
    return data if hmac.compare_digest(seal, _sealed(key, name, data)) else None


def _sealed(key: bytes, name: str, data: bytes) -> bytes:
    return hmac.digest(key, name.encode() + data, _SEAL)


def _key(place: Path) -> bytes | None:
    key = _bytes(place / _KEY)
    return key if key is not None and len(key) == _KEY_BYTES else None


def _new_key(place: Path) -> bytes:
    key = os.urandom(_KEY_BYTES)
    _put(place / _KEY, key)
    return key


def _is_ours(facts: os.stat_result, *, folder: bool) -> bool:
    """Return whether something is a folder (or a file) of this user's that nobody else can write."""
    kind = stat.S_ISDIR if folder else stat.S_ISREG
    return kind(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o022


def _bytes(path: Path) -> bytes | None:
    """Return the bytes of a file of ours, never through a link; ``None`` where there is none."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    with open(handle, "rb") as file:  # noqa: PTH123 (a handle, so that the file asked about is the one that is read)
        facts = os.fstat(handle)
        return file.read() if _is_ours(facts, folder=False) and facts.st_size <= _LARGEST else None


def _put(path: Path, data: bytes) -> None:
    """Write a file that only this user may read, whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 (see above)
            file.write(data)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _tidy(place: Path) -> None:
    """Remove what was kept longest ago, beyond what is kept."""
    kept = sorted(place.glob("*.policy"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in kept[_MOST_KEPT:]:
        path.unlink(missing_ok=True)
