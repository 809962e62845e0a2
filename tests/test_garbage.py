"""The search for garbage, put off."""

import gc

import pytest

from aftersales.garbage import PutOff


def test_it_is_put_off_and_taken_up_again() -> None:
    """No search inside, also where one block stands in another; afterwards as before, whatever was raised."""
    with PutOff():
        with PutOff():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="inside"), PutOff():
        raise ValueError("inside")
    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    """Whoever has switched the search off finds it off."""
    gc.disable()
    try:
        with PutOff():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_stays_is_old_at_once() -> None:
    """Things that stay are not looked through with the new ones; garbage among them is found by a whole search."""
    gc.collect()
    with PutOff(stays=True):
        made = [[number] for number in range(5_000)]
        ring: list[object] = []
        ring.append(ring)
        del ring
    assert gc.get_count()[0] < len(made)
    assert not any(one is made for one in gc.get_objects(generation=0))
    assert gc.get_freeze_count() == 0
    assert gc.collect() > 0


def test_what_is_kept_from_the_search_stays_kept_from_it() -> None:
    """Whoever froze things finds them frozen, but for those that nothing held any more."""
    gc.freeze()
    try:
        with PutOff(stays=True):
            pass
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
