"""The query language's grammar: strictly binary, everything in parentheses (KB 57612)."""

import re
from dataclasses import dataclass

from panopticon.sandbox.rally.trouble import Trouble

# An attribute ends at a blank only: `Name="x"` is all attribute (pyral issue 39).
_LHS = re.compile(r"\s*([^\s()\"][^\s()]*)")
_OPERATOR = re.compile(
    r"\s*(!contains\b|contains\b|!in\b|in\b|!=|<=|>=|=|<|>|[^\s()\"]+)", re.IGNORECASE
)
_KNOWN = {"=", "!=", "<", ">", "<=", ">=", "contains", "!contains", "in"}
_JOIN = re.compile(r"\s*(and|or)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; `quoted` tells "null" from null."""

    path: tuple[str, ...]
    operator: str
    value: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Two expressions and the word between them."""

    word: str  # AND | OR
    left: "Expression"
    right: "Expression"


Expression = Condition | Joined


def parse(text: str) -> Expression | None:
    """Read a query; an empty one filters nothing."""
    if not text.strip():
        return None
    reader = _Reader(text)
    found = reader.group()
    if reader.rest():
        raise _expected(")", reader.word())
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def rest(self) -> str:
        return self.text[self.at :].strip()

    def word(self) -> str:
        """Give the next word, for an error."""
        rest = self.rest()
        return re.split(r"[\s()]", rest, maxsplit=1)[0] or rest[:1]

    def group(self) -> Expression:
        self.take("(")
        found = self.joined() if self.peek() == "(" else self.condition()
        self.take(")")
        return found

    def joined(self) -> Expression:
        left = self.group()
        join = _JOIN.match(self.text, self.at)
        if not join:
            return left
        self.at = join.end()
        return Joined(join[1].upper(), left, self.group())

    def condition(self) -> Condition:
        path = self.match(_LHS, "attribute")
        found = _OPERATOR.match(self.text, self.at)
        if not found and not self.rest():
            raise _expected("operator", "end of expression")
        if not found:
            raise Trouble(f'Could not parse: Unknown operator "{self.peek()}"')
        operator, self.at = found[1], found.end()
        if operator.lower() not in _KNOWN:
            raise Trouble(f'Could not parse: Unknown operator "{operator}"')
        value, quoted = self.value(operator.lower())
        return Condition(tuple(path.split(".")), operator.lower(), value, quoted)

    def value(self, operator: str) -> tuple[str, bool]:
        if self.peek() == '"' and operator != "in":
            self.take('"')
            end = self.text.find('"', self.at)
            if end < 0:
                raise _expected('"', "end of expression")
            value, self.at = self.text[self.at : end], end + 1
            return value, True
        end = self._closing()
        value, self.at = self.text[self.at : end].strip(), end
        if not value:
            raise _expected("value", ")")
        return value, False

    def _closing(self) -> int:
        """Find the parenthesis that ends a bare value; quotes in a list hide parentheses."""
        hidden = False
        for place in range(self.at, len(self.text)):
            letter = self.text[place]
            hidden ^= letter == '"'
            if letter == ")" and not hidden:
                return place
        raise _expected(")", "end of expression")

    def match(self, pattern: re.Pattern[str], what: str) -> str:
        found = pattern.match(self.text, self.at)
        if not found:
            raise _expected(what, self.word() or "end of expression")
        self.at = found.end()
        return found[1]

    def peek(self) -> str:
        return self.rest()[:1]

    def take(self, letter: str) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        if self.text[self.at : self.at + 1] != letter:
            raise _expected(letter, self.word() or "end of expression")
        self.at += 1


def _expected(wanted: str, seen: str) -> Trouble:
    where = f'expected "{wanted}" but saw "{seen}" instead.'
    return Trouble(f"Could not parse: Error parsing expression -- {where}")
