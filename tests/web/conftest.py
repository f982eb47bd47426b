"""A dashboard over an in-memory store, without a socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from panopticon.services.server.session import Session, session
from panopticon.store.base import Store
from panopticon.web.app import make_app
from panopticon.web.guard import Security
from tests.web.fakes import NOW, context, team_store

PORT = 3011
BASE = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def store() -> Store:
    return team_store()


@pytest.fixture
def door(tmp_path: Path) -> Session:
    return session(tmp_path, lambda: NOW)


@pytest.fixture
def app(tmp_path: Path, store: Store, door: Session) -> FastAPI:
    return make_app(context(tmp_path, store), Security(door, PORT))


@pytest.fixture
def outside(app: FastAPI) -> Iterator[TestClient]:
    """A browser that has no session."""
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def browser(app: FastAPI, door: Session) -> Iterator[TestClient]:
    """A browser that has opened the link."""
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        client.get("/open", params={"code": door.mint()})
        yield client


@pytest.fixture
def script(app: FastAPI, door: Session) -> Iterator[TestClient]:
    """A script that sends the token."""
    bearer = {"Authorization": f"Bearer {door.token}"}
    with TestClient(app, base_url=BASE, headers=bearer, raise_server_exceptions=False) as client:
        yield client
