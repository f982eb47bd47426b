"""Pages of the shell, and the page that describes the API."""

import re

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

HTML = {"Accept": "text/html"}


@pytest.mark.requirement("web:pages:settings")
@pytest.mark.parametrize("path", ["/", "/item", "/settings", "/health"])
def test_every_page_is_the_shell(browser: TestClient, outside: TestClient, path: str) -> None:
    answer = browser.get(path, headers=HTML)
    assert answer.status_code == 200
    assert "/static/js/main.js" in answer.text
    outside.cookies.clear()
    assert outside.get(path, headers=HTML).status_code == 401


@pytest.mark.requirement("web:docs:complete")
def test_every_route_is_on_the_page(browser: TestClient) -> None:
    document = browser.get("/api/openapi.json").json()
    soup = BeautifulSoup(browser.get("/api/docs").text, "html.parser")
    wanted = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    shown = {
        (article.h3.span.text, article.h3.code.text)  # type: ignore[union-attr]
        for article in soup.find_all("article")
    }
    assert shown == wanted
    for article in soup.find_all("article"):
        assert "curl -s" in article.text
        assert "pan token" in article.text
        assert soup.find("a", href=f"#{article['id']}"), article["id"]
    patch = soup.find(id="patch-api-settings")
    assert patch
    assert "poll_seconds" in patch.text
    assert "How often trackers are asked" in patch.text


@pytest.mark.requirement("web:docs:plain")
def test_names_are_set_as_code_and_no_backtick_is_left(browser: TestClient) -> None:
    soup = BeautifulSoup(browser.get("/api/docs").text, "html.parser")
    for example in soup.find_all("pre"):
        example.decompose()
    assert soup.find(string=re.compile("`")) is None


@pytest.mark.requirement("web:docs:examples")
def test_examples_can_be_pasted(browser: TestClient) -> None:
    text = browser.get("/api/docs").text
    soup = BeautifulSoup(text, "html.parser")
    item = soup.find(id="get-api-item")
    put = soup.find(id="put-api-views-name-path") or soup.find(id="put-api-views-name")
    assert item
    assert put
    assert "'http://127.0.0.1:3011/api/item?ref=rally:US123'" in item.text
    assert '-d \'{"query": "assignee=me&blocked=no"}\'' in put.text


@pytest.mark.requirement("web:docs:plain")
def test_the_page_needs_no_inline_script_or_style(browser: TestClient) -> None:
    text = browser.get("/api/docs").text
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)
    assert [one for one in scripts if one.strip()] == []
    assert "https://" not in text


@pytest.mark.requirement("web:docs:errors")
def test_every_route_names_the_shape_of_errors(script: TestClient) -> None:
    document = script.get("/api/openapi.json").json()
    fault = {"$ref": "#/components/schemas/Fault"}
    assert set(document["components"]["schemas"]["Fault"]["required"]) == {
        "error",
        "message",
        "hint",
    }
    assert "HTTPValidationError" not in str(document)
    for path, methods in document["paths"].items():
        for operation in methods.values():
            told = operation["responses"]["4XX"]["content"]["application/json"]["schema"]
            assert told == fault, path
            assert operation["tags"][0] in {"Board", "Items", "Settings"}
            assert operation["summary"]
            assert operation["description"], path


@pytest.mark.requirement("web:docs:answers")
def test_good_answers_are_described_as_they_are(script: TestClient) -> None:
    document = script.get("/api/openapi.json").json()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            for status, told in operation["responses"].items():
                for media, content in told.get("content", {}).items():
                    assert content.get("schema") != {"type": "string"}, (path, status, media)
    stream = document["paths"]["/api/events"]["get"]["responses"]["200"]["content"]
    assert set(stream) == {"text/event-stream"}
    settings = document["paths"]["/api/settings"]["get"]["responses"]["200"]["content"]
    shown = script.get("/api/settings").json()
    assert settings["application/json"]["example"].keys() == shown.keys()


@pytest.mark.requirement("web:docs:answers")
@pytest.mark.parametrize(
    ("route", "asked"),
    [("/api/views", {}), ("/api/doctor", {}), ("/api/sources/rally/test", None)],
)
def test_examples_have_the_parts_of_real_answers(
    script: TestClient, route: str, asked: dict[str, str] | None
) -> None:
    document = script.get("/api/openapi.json").json()
    path = route.replace("rally", "{name}")
    method = "get" if asked is not None else "post"
    told = document["paths"][path][method]["responses"]["200"]["content"]["application/json"]
    assert told["example"].keys() == script.request(method, route).json().keys()
