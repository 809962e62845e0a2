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
