"""Digests without OpenSSL are the same digests."""

import hashlib

import pytest

from aftersales import digests


@pytest.mark.parametrize("data", [b"", b"after-sales", bytes(range(256)) * 5000])
def test_they_are_the_ones_of_hashlib(data: bytes) -> None:
    """SHA-256 and keyed BLAKE2b, whoever computes them."""
    assert digests.sha256(data).hexdigest() == hashlib.sha256(data).hexdigest()
    keyed = {"key": b"k" * 32, "digest_size": 32}
    assert digests.blake2b(data, **keyed).digest() == hashlib.blake2b(data, key=b"k" * 32, digest_size=32).digest()


def test_the_first_that_there_is_counts() -> None:
    """A module that is not there, or does not have it, is passed over; none at all is an error."""
    assert digests._own("sha256", "_not_there", "math", "hashlib") is hashlib.sha256
    with pytest.raises(ImportError):
        digests._own("sha256", "math")
