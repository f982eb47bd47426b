"""Where the code of each project is on this machine: projects.yaml, and `[repositories]`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from panopticon.config.folder import Base, folders_from, is_whole, spot
from panopticon.config.layer import Layer, Table, check_keys, section
from panopticon.config.schema import Repository
from panopticon.config.setting import checked_branch
from panopticon.errors import InvalidInput

_KEYS = frozenset({"path", "base"})


def repositories_from(toml: Layer | None, projects: Layer | None) -> dict[str, Repository]:
    """Read the repositories by project; those of projects.yaml are stronger.

    Whether a folder is a git repository is not looked at: `pan doctor` says it.
    """
    return {**dict(_of_toml(toml)), **dict(_of_projects(projects))}


def _of_toml(toml: Layer | None) -> Iterator[tuple[str, Repository]]:
    for name, value in section(toml, "repositories").items():
        where = f"{toml.path if toml else ''} [repositories] {name}"
        table: Table = value if isinstance(value, Mapping) else {"path": value}
        check_keys(where, table, _KEYS)
        yield name, _repository(where, table.get("path"), table.get("base"), Base(where))


def _of_projects(projects: Layer | None) -> Iterator[tuple[str, Repository]]:
    """Yield each project by its key and by its `name`; its `path` serves where it is in git."""
    for key, entry in section(projects, "projects").items():
        if not isinstance(entry, Mapping):
            continue
        where = f"{projects.path if projects else ''} projects.{key}"
        if (found := _of_project(where, entry)) is None:
            continue
        yield key, found
        name = entry.get("name")
        if isinstance(name, str) and name.strip():
            yield name.strip(), found


def _of_project(where: str, entry: Table) -> Repository | None:
    path, value = entry.get("path"), entry.get("repository")
    whole = path if isinstance(path, str) and is_whole(path) else None
    if value not in (None, ""):
        why = "Write the whole path, from / or ~; or give the project its `path`."
        base = Base(f"{where} repository", whole, why=why)
        return _repository(where, value, entry.get("base"), base)
    if whole and _is_in_git(Path(spot(whole))):
        return _repository(where, whole, entry.get("base"), Base(f"{where} path"))
    return None


def _repository(where: str, value: object, base: object, place: Base) -> Repository:
    folders = folders_from(value, place) if isinstance(value, str) else ()
    if not folders:
        raise InvalidInput(
            f"{where}: {value!r} is no folder.", "Write where the repository is: ~/work/app."
        )
    branch = None if base in (None, "") else checked_branch(f"{where} base", base)
    return Repository(Path(spot(folders[0])), branch)


def _is_in_git(folder: Path) -> bool:
    return any((place / ".git").exists() for place in (folder, *folder.parents))
