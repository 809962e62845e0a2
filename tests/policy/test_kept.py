"""Policies kept for the next start: the same policy, and nothing that is stale, damaged, or another's."""

import copy
import marshal
import os
import pickle
import shutil
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from aftersales.policy import kept, packed
from aftersales.policy.kept import recall as recall_for
from aftersales.policy.load import load_folder
from aftersales.policy.model import Policy
from aftersales.run import loaded
from aftersales.syntax.files import PolicyFile, digest_of, sound_files

DESK = Path(__file__).parents[1] / "run" / "desk"
pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="policies are kept where files have owners")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let policies be kept in a folder of the test's own."""
    monkeypatch.setenv("AFTERSALES_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture(scope="module")
def desk() -> Policy:
    """Read the test desk's policy once."""
    return load_folder(DESK)


def keep(policy: Policy) -> None:
    """Keep the desk's policy."""
    kept.keep(policy, sound_files(DESK) or {})


def recall(folder: Path = DESK) -> Policy | None:
    """Return the desk's policy as it was kept for a folder."""
    found = recall_for(folder, sound_files(DESK) or {})
    return None if found is None else found.policy


def the_file(place: Path) -> Path:
    """Return the only kept policy."""
    (file,) = place.glob("*.policy")
    return file


def test_a_kept_policy_is_the_policy(place: Path, desk: Policy) -> None:
    """What is recalled equals what was read from the files, in every part."""
    keep(desk)
    assert recall() == desk
    assert digest_of(sound_files(DESK) or {}) == desk.digest


def test_words_of_ours_are_found_under_every_python(place: Path, desk: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before 3.11.4 a member of an enum is pickled as a look-up by name; what is kept never calls a function for that."""
    monkeypatch.setattr(Enum, "__reduce_ex__", lambda member, _: (getattr, (type(member), member.name)))
    keep(desk)
    assert len(list(place.glob("*.policy"))) == 1
    assert recall() == desk


def test_only_what_is_looked_at_is_put_together(place: Path, desk: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys, order and length are there at once; a state is put together, once, when it is looked at."""
    keep(desk)
    found = recall()
    assert found is not None
    made: list[object] = []
    together = packed._put_together

    def counted(*given: Any) -> object:
        made.append(given)
        return together(*given)

    monkeypatch.setattr(packed, "_put_together", counted)
    states: Any = found.states
    name = next(iter(desk.states))
    assert (list(states), len(states)) == (list(desk.states), len(desk.states))
    assert (list(states.keys()), list(reversed(states))) == (list(desk.states), list(reversed(list(desk.states))))
    assert (name in states, "elsewhere" in states, states.get("elsewhere", 1)) == (True, False, 1)
    assert made == []
    assert states[name] == desk.states[name]
    assert states[name] is states.get(name)
    assert len(made) == 1
    with pytest.raises(KeyError):
        states["elsewhere"]
    assert (dict(states), {**states}) == (desk.states, desk.states)
    assert list(states.values()) == list(desk.states.values())
    assert list(states.items()) == list(desk.states.items())
    assert len(made) == len(desk.states)
    assert type(states) is packed.Loaded


@pytest.mark.parametrize("look", [repr, copy.deepcopy, dict, lambda states: states])
def test_a_mapping_put_together_later_is_that_mapping(place: Path, desk: Policy, look: Any) -> None:
    """However it is looked at as a whole, it is what was kept, in its order; from both sides of an equality."""
    keep(desk)
    found = recall()
    assert found is not None
    assert look(found.laws) == look(desk.laws)
    assert look(desk.states) == look(found.states)


#: Cases that the desk's first functions decide, and that go on behind them.
CASES: list[dict[str, object]] = [
    {"facts": {}},
    {"facts": {"issue": "wrong_item"}},
    {"facts": {"issue": "lost_parcel"}},
    {"facts": {"issue": "wrong_item", "evidence": "confirmed", "photos_sent": True}},
]


def decided(policy: loaded.LoadedPolicy) -> list[object]:
    """Return the decisions of the cases."""
    return [policy.to_dict(policy.decide(case)) for case in CASES]


def test_the_first_functions_are_not_written_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept has what every case comes through or near; no state is looked at for it but where a case rests."""
    first = loaded.load(DESK)
    second = loaded.load(DESK)
    written = "aftersales.run.function.written.compile"
    monkeypatch.setattr(written, lambda *_: pytest.fail("it was written again"), raising=False)
    for case in CASES[:2]:
        second.decide(case)
    states: Any = second.model.states
    assert len(list(dict.keys(states))) < 4 < len(states)
    monkeypatch.delattr(written)
    assert decided(second) == decided(first)


def test_every_first_function_can_be_kept(desk: Policy) -> None:
    """All that the first functions look at can be made again; none is left out for what it looks at."""
    policy = loaded.LoadedPolicy(desk)
    codes = policy.codes()
    assert {"", "decide", "agree"} < {"", *policy._trails._written.texts} == codes.keys()


@pytest.mark.parametrize("code", [b"", b"damaged", marshal.dumps("no code"), marshal.dumps((1, {}, ()))])
@pytest.mark.parametrize("which", ["all", "", "decide"])
def test_code_that_is_none_is_passed_over(desk: Policy, code: bytes, which: str) -> None:
    """Only code is taken for code; whatever else stands there, the function is written."""
    whole = loaded.LoadedPolicy(desk)
    codes = whole.codes()
    odd = loaded.LoadedPolicy(desk, dict.fromkeys(codes, code) if which == "all" else {**codes, which: code})
    assert decided(odd) == decided(whole)
    assert odd.codes().keys() >= codes.keys()


def test_what_is_kept_twice_decides_the_same(desk: Policy) -> None:
    """Functions written behind those that were kept go with them; no constant takes another's place."""
    policy = loaded.LoadedPolicy(desk)
    expected = decided(policy)
    codes: dict[str, bytes] = {}
    for _ in range(3):
        later = loaded.LoadedPolicy(desk, codes)
        assert decided(later) == expected
        codes = dict(later.codes())


def test_only_its_user_can_read_what_is_kept(place: Path, desk: Policy) -> None:
    """Folder, key and policy are the user's alone."""
    keep(desk)
    modes = {path.name.split(".")[-1]: path.stat().st_mode & 0o777 for path in (place, *place.iterdir())}
    assert modes == {"kept": 0o700, "key": 0o600, "policy": 0o600}


def test_a_start_from_what_was_kept_reads_no_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first load reads, checks and keeps; the second neither reads nor checks."""
    first = loaded.load(DESK)
    monkeypatch.setattr("aftersales.policy.load.load_folder", lambda _: pytest.fail("the files were read again"))
    assert loaded.load(DESK).model == first.model


def test_changed_files_are_read_again(place: Path, tmp_path: Path) -> None:
    """A kept policy is of files as they were: after any change they are read anew, and the old one is not found."""
    folder = tmp_path / "mine"
    shutil.copytree(DESK, folder)
    before = loaded.load(folder)
    policy = folder / "policy.yaml"
    policy.write_text(policy.read_text(encoding="utf-8").replace('version: "', 'version: "x'), encoding="utf-8")
    after = loaded.load(folder)
    assert after.model.version == f"x{before.model.version}"
    assert len(list(place.glob("*.policy"))) == 2


def test_files_that_changed_meanwhile_are_not_kept(place: Path, desk: Policy) -> None:
    """Files that are no longer what the policy was read from never lead to it."""
    files = sound_files(DESK) or {}
    name = next(iter(files))
    changed = {**files, name: PolicyFile(name, files[name].data + b"\n# more")}
    kept.keep(desk, changed)
    assert kept.recall(DESK, changed) is None
    assert kept.recall(DESK, files) is None


def test_another_folder_with_the_same_files_is_another(place: Path, desk: Policy, tmp_path: Path) -> None:
    """A policy knows the folder it was read from."""
    keep(desk)
    assert recall(tmp_path) is None


def test_a_changed_package_or_python_finds_nothing(place: Path, desk: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another state of this package, or another Python, kept is not for this one."""
    keep(desk)
    with monkeypatch.context() as patched:
        patched.setattr("sys.version", "3.99")
        assert recall() is None
    monkeypatch.setattr(kept, "_package", lambda: iter(["policy/model.py 1 1"]))
    assert recall() is None


def test_damage_anywhere_is_noticed(place: Path, desk: Policy) -> None:
    """One flipped bit, a missing end, an empty file: none of it is ever put together."""
    keep(desk)
    file = the_file(place)
    whole = file.read_bytes()
    for at in (0, 31, 32, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert recall() is None
    for part in (b"", whole[:20], whole[:-1]):
        file.write_bytes(part)
        assert recall() is None
    file.write_bytes(whole)
    assert recall() == desk


def test_a_damaged_file_is_replaced(place: Path) -> None:
    """After damage the policy is read from its files, and kept whole again."""
    first = loaded.load(DESK)
    the_file(place).write_bytes(b"damaged")
    assert loaded.load(DESK).model == first.model
    assert recall() == first.model


def test_a_seal_made_with_another_key_is_none(place: Path, desk: Policy) -> None:
    """A file brought in from elsewhere does not fit the key that lies here; without a key nothing is recalled."""
    keep(desk)
    (place / "key").write_bytes(b"k" * 32)
    assert recall() is None
    (place / "key").unlink()
    assert recall() is None


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o702])
def test_a_folder_that_others_can_write_is_not_trusted(place: Path, desk: Policy, mode: int) -> None:
    """Where another user could have put a file, none is read and none is written."""
    keep(desk)
    place.chmod(mode)
    assert recall() is None
    the_file(place).unlink()
    keep(desk)
    assert list(place.glob("*.policy")) == []


@pytest.mark.parametrize("name", ["*.policy", "key"])
def test_a_file_that_others_can_write_is_not_trusted(place: Path, desk: Policy, name: str) -> None:
    """Policy and key must both be the user's alone."""
    keep(desk)
    (file,) = place.glob(name)
    file.chmod(0o622)
    assert recall() is None


def test_what_belongs_to_another_user_is_not_trusted(
    place: Path, desk: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache folder of another user's is left alone."""
    keep(desk)
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert recall() is None
    the_file(place).unlink()
    keep(desk)
    assert list(place.glob("*.policy")) == []


def test_no_link_is_followed(place: Path, desk: Policy, tmp_path: Path) -> None:
    """Neither the folder nor a file in it may be a link to somewhere else."""
    keep(desk)
    file = the_file(place)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert recall() is None
    file.unlink()
    (tmp_path / "elsewhere").rename(file)
    assert recall() == desk
    place.rename(tmp_path / "moved")
    place.symlink_to(tmp_path / "moved")
    assert recall() is None


class Harmful:
    """What a stranger would like to have put together."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("harm",)


@pytest.mark.parametrize("made", [Harmful(), [Path("x")], ("desk", 1), load_folder])
def test_even_under_a_whole_seal_only_policies_are_put_together(
    place: Path, desk: Policy, made: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No function is called and no foreign class is made, whatever the file says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(kept, "pack", lambda _: pickle.dumps(made))
    keep(desk)
    assert recall() is None
    assert not (tmp_path / "harm").exists()


def test_it_can_be_switched_off(tmp_path: Path, desk: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Off, without a home, or for one call: nothing is written and nothing is read."""
    monkeypatch.setenv("AFTERSALES_CACHE", "off")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    loaded.load(DESK)
    monkeypatch.setenv("AFTERSALES_CACHE", str(tmp_path / "kept"))
    loaded.load(DESK, cache=False)
    monkeypatch.delenv("AFTERSALES_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME")
    keep(desk)
    assert recall() is None
    assert list(tmp_path.iterdir()) == []


def test_it_lies_in_the_users_cache(tmp_path: Path, desk: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless told otherwise, in the cache folder that the system names, else in the one below the home."""
    monkeypatch.delenv("AFTERSALES_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    keep(desk)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    keep(desk)
    found = {path.parent.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.policy")}
    assert found == {"xdg/aftersales", ".cache/aftersales"}


def test_a_place_that_cannot_be_written_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be kept, a policy loads as ever."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.setenv("AFTERSALES_CACHE", str(tmp_path / "file" / "below"))
    assert loaded.load(DESK).model.id == "desk"


def test_what_was_kept_long_ago_is_removed(place: Path, desk: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder does not grow with every change of a policy."""
    monkeypatch.setattr(kept, "_MOST_KEPT", 2)
    for state in range(4):
        monkeypatch.setattr(kept, "_package", lambda state=state: iter([str(state)]))
        keep(desk)
    assert len(list(place.glob("*.policy"))) == 2
    assert recall() == desk
