"""What the judges in Python share: each step is told as ok, or as not ok with the reason."""

from contextlib import contextmanager
from importlib.metadata import version


def introduce(package: str) -> None:
    print(f"{package} {version(package)}", flush=True)


@contextmanager
def step(what: str):
    try:
        yield
        print(f"ok {what}", flush=True)
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        print(f"not ok {what}: {reason}", flush=True)


def same(found, wanted) -> None:
    if found != wanted:
        raise AssertionError(f"{found!r} where {wanted!r} was expected")
