"""Local clones of public repositories, read with git at a fixed commit."""

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

REPOSITORIES = {
    "jschulte/usmax-nda": "90aa98bc424347c95a49f53caa9d55a440678920",
    "sulha199/fest-grid-bmad": "5f1766c3fe0d20db050fc166d5d3a77e4f8bfb46",
    "twattier/bmadflow": "4eeec9ddc1531c64ed14397e0f0d581d59fbc5c8",
    "PatonaIM/BMAD_SIEG": "af20b3f35aed726f3c48659e4ebcd82ada4d15fa",
    "gv8-control/bmad-playground": "5d8126f97c5f208cb19ab1a9d662b15a2e3057ef",
    "crisweber2600/bmadServer": "42fab8ea1779d9cf4ce357dec65de8b165a17884",
    "zookanalytics/bmad-orchestrator": "0f54d298b29877ede67c9c6aa5f9b58e4bf005a7",
    "Autopsias/RAGLite": "e5965c149b671a9d629542aa525cea39dc267e0e",
    "LINSUISHENG034/WorkDataHub": "a5ad083a91c611be282e96efb5459bd5310c616a",
    "CSmithy89/ai-business-hub": "c358faa69c0efb7019b242274927aaa766c8b3b8",
}
_PLACES = re.compile(r"(?:^|/)(?:stories|implementation-artifacts|sprint-artifacts|issues)/")
_NUMBERED = re.compile(r"spec-|(?:story-)?(?:[a-z]+-)?\d+[a-z]?[.-][a-z]?\d", re.IGNORECASE)
_TOOLING = (".", "_bmad/", "bmad/", "old-bmad/")


@dataclass(frozen=True)
class File:
    """One file of a repository at its commit."""

    repository: str
    path: str
    data: bytes


def clone_in(root: Path, repository: str) -> Path | None:
    """Find a local clone, bare or not."""
    owner, _, name = repository.partition("/")
    for place in (f"{owner}/{name}", f"{owner}+{name}", f"{owner}+{name}/repo", name):
        if (root / place / ".git").exists() or (root / place / "HEAD").exists():
            return root / place
    return None


def git(clone: Path, *words: str, told: bytes = b"") -> bytes:
    """Ask git; raises where it fails."""
    command = ["git", "-C", str(clone), *words]
    return subprocess.run(command, input=told, capture_output=True, check=True).stdout


def files_of(repository: str, clone: Path, is_wanted: Callable[[str], bool]) -> Iterator[File]:
    """Read the wanted files of a repository at its commit."""
    commit = REPOSITORIES[repository]
    listed = git(clone, "ls-tree", "-rz", commit).decode().split("\0")
    names = [line.partition("\t")[2] for line in listed if line.startswith("100")]  # no links
    chosen = [name for name in names if is_wanted(name) and not name.startswith(_TOOLING)]
    told = "".join(f"{commit}:{name}\n" for name in chosen).encode()
    answer, at = git(clone, "cat-file", "--batch", told=told), 0
    for name in chosen:
        head, _, _ = answer[at:].partition(b"\n")
        size = int(head.rsplit(b" ", 1)[1])
        begin = at + len(head) + 1
        yield File(repository, name, answer[begin : begin + size])
        at = begin + size + 1


def is_story(path: str) -> bool:
    """Tell what may be a story file, by its place and name."""
    name = PurePosixPath(path).name
    is_numbered = _NUMBERED.match(name) is not None
    return name.endswith(".md") and is_numbered and _PLACES.search(path) is not None


def is_sprint(path: str) -> bool:
    """Tell a sprint-status file."""
    return PurePosixPath(path).name == "sprint-status.yaml"


def is_epics(path: str) -> bool:
    """Tell an epics file."""
    name = PurePosixPath(path).name
    return re.fullmatch(r"epics\.md|epic-[\w.-]+\.md", name, re.IGNORECASE) is not None and (
        "/epics" in path or "/prd/" in path
    )
