"""What the tracker leaves to its writer, and a writer that refuses: reading needs none."""

from typing import NoReturn, Protocol

from panopticon.errors import Unsupported
from panopticon.model.form import FormField, Move
from panopticon.model.issue import Comment, Issue, IssueFields, Kind, NewIssue, State, Task
from panopticon.trackers.base import Capabilities


class Writing(Protocol):
    """The write verbs of the seam (trackers/base.py), and what a form and a board need."""

    def capabilities(self) -> Capabilities:
        """Say what can be written."""

    def create(self, new: NewIssue) -> Issue:
        """Create an item."""

    def update(self, key: str, fields: IssueFields) -> Issue:
        """Write fields."""

    def transition(self, key: str, state: State) -> Issue:
        """Move an item to a column."""

    def delete(self, key: str) -> None:
        """Delete an item."""

    def comment(self, key: str, body: str) -> Comment:
        """Add a remark."""

    def tick(self, key: str, step: Task) -> Issue:
        """Tick or untick a line."""

    def add_step(self, key: str, title: str) -> Issue:
        """Add a line."""

    def link_pull_request(self, key: str, url: str) -> None:
        """Show a pull request on the item."""

    def form(self, kind: Kind, project: str | None = None) -> tuple[FormField, ...]:
        """Say which fields a kind takes."""

    def moves(self, issue: Issue) -> tuple[Move, ...]:
        """Say where an item may move."""

    def words(self) -> dict[Kind, tuple[tuple[str, State], ...]]:
        """List the words of states."""


class ReadOnly:
    """Refuses every write."""

    def __init__(self, name: str) -> None:
        self._name = name

    def capabilities(self) -> Capabilities:
        """Nothing can be written."""
        return Capabilities(
            kinds=(),
            writable={},
            comments=False,
            delete=False,
            dependencies=False,
            link_pull_request=False,
            history=True,
        )

    def create(self, new: NewIssue) -> Issue:  # noqa: ARG002
        """Refuse."""
        self._refuse()

    def update(self, key: str, fields: IssueFields) -> Issue:  # noqa: ARG002
        """Refuse."""
        self._refuse()

    def transition(self, key: str, state: State) -> Issue:  # noqa: ARG002
        """Refuse."""
        self._refuse()

    def delete(self, key: str) -> None:  # noqa: ARG002
        """Refuse."""
        self._refuse()

    def comment(self, key: str, body: str) -> Comment:  # noqa: ARG002
        """Refuse."""
        self._refuse()

    def tick(self, key: str, step: Task) -> Issue:  # noqa: ARG002
        """Refuse."""
        self._refuse()

    def add_step(self, key: str, title: str) -> Issue:  # noqa: ARG002
        """Refuse."""
        self._refuse()

    def link_pull_request(self, key: str, url: str) -> None:  # noqa: ARG002
        """Refuse."""
        self._refuse()

    def form(self, kind: Kind, project: str | None = None) -> tuple[FormField, ...]:  # noqa: ARG002
        """Refuse."""
        self._refuse()

    def moves(self, issue: Issue) -> tuple[Move, ...]:  # noqa: ARG002
        """Allow none."""
        return tuple(Move(state, reason="These files are only read.") for state in State)

    def words(self) -> dict[Kind, tuple[tuple[str, State], ...]]:
        """List none."""
        return {}

    def _refuse(self) -> NoReturn:
        raise Unsupported(f"{self._name} is only read.", "Edit the file itself.")
