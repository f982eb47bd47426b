"""Making a repository out of told commits: the same ones each time, whatever this machine sets."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from panopticon.errors import LocalFault
from panopticon.local.disk_write import write_all
from panopticon.local.git.call import told
from panopticon.model.disk import Author, Revision, Write


def make(folder: Path, revisions: Sequence[Revision], me: Author) -> None:
    """Fill an empty folder: a repository where git makes one, else its files alone.

    Whoever works in it commits as `me`; raises LocalFault.
    """
    folder.mkdir(parents=True)
    try:
        _repository(folder, revisions, me)
    except LocalFault:
        shutil.rmtree(folder)
        folder.mkdir()
        last = {path: content for one in revisions for path, content in one.files.items()}
        write_all(folder, [Write(path, None, content) for path, content in last.items()])


def _repository(folder: Path, revisions: Sequence[Revision], me: Author) -> None:
    _run(folder, "init", "--quiet", "--template=")
    for name, value in (
        ("user.name", me.name),
        ("user.email", me.email),
        ("commit.gpgSign", "false"),
        ("core.hooksPath", ".git/hooks"),  # not those that this machine sets for all
    ):
        _run(folder, "config", name, value)
    _run(folder, "fast-import", "--quiet", feed=b"".join(_stream(revisions)))
    _run(folder, "symbolic-ref", "HEAD", "refs/heads/main")
    _run(folder, "reset", "--quiet", "--hard")


def _stream(revisions: Sequence[Revision]) -> Iterator[bytes]:
    """Spell the commits for git; https://git-scm.com/docs/git-fast-import."""
    for one in revisions:
        who = f"{one.author.name} <{one.author.email}> {int(one.at.timestamp())} +0000"
        message = one.message.encode()
        yield f"commit refs/heads/main\nauthor {who}\ncommitter {who}\n".encode()
        yield b"data %d\n%s\n" % (len(message), message)
        for path, content in one.files.items():
            if content is None:
                yield f"D {path}\n".encode()
            else:
                yield f"M 100644 inline {path}\n".encode()
                yield b"data %d\n%s\n" % (len(content), content)


def _run(folder: Path, *words: str, feed: bytes | None = None) -> None:
    outcome = told(folder, *words, feed=feed)
    if outcome.code:
        raise LocalFault(
            f"git could not make {folder}: {outcome.err.strip()[:500]}", "Look at git's settings."
        )
