"""DragAndDropRank: printable text of 64 characters that sorts, with room between any two."""

_LOW, _BASE, _SIZE = 0x21, 94, 64
_GAP = _BASE ** (_SIZE - 8)


def _number(text: str) -> int:
    total = 0
    for letter in text:
        total = total * _BASE + ord(letter) - _LOW
    return total


def _text(number: int) -> str:
    letters = []
    for _ in range(_SIZE):
        number, digit = divmod(number, _BASE)
        letters.append(chr(digit + _LOW))
    return "".join(reversed(letters))


def nth(place: int) -> str:
    """Give the rank of the n-th object of a fresh store."""
    head = "".join(chr(place // _BASE**power % _BASE + _LOW) for power in (3, 2, 1, 0))
    return f"OOOO{head}".ljust(_SIZE, "P")


def after(last: str) -> str:
    """Rank below the lowest."""
    return _text(_number(last) + _GAP) if last else nth(0)


def before(first: str) -> str:
    """Rank above the highest."""
    return _text(_number(first) - _GAP) if first else nth(0)


def between(low: str, high: str) -> str:
    """Rank between two neighbours."""
    return _text((_number(low) + _number(high)) // 2)
