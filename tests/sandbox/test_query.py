"""The query language: what it means, and how it refuses."""

import pytest

from tests.sandbox.conftest import Client

TYPE = "/hierarchicalrequirement"
CHAINED = 'Could not parse: Error parsing expression -- expected ")" but saw "AND" instead.'


def names(client: Client, query: str, **more: str) -> list[str]:
    text = {"query": query, "fetch": "Name", "project": "null", "pagesize": "2000"} | more
    return [one["Name"] for one in client.items(TYPE, **text)]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("((Name = a) AND (Name = b) AND (Name = c))", CHAINED),
        ("(Name = a) AND (Name = b)", CHAINED),
        ("(Watchers = a)", "Could not parse: Could not find attribute 'Watchers'"),
        ("(Owner.Bogus = a)", "Could not parse: Could not find attribute 'Bogus'"),
        ("(name = a)", "Could not parse: Could not find attribute 'name'"),
        ('(Name zobolts "a")', 'Could not parse: Unknown operator "zobolts"'),
        (
            '(LastUpdateDate > "2017-04-29 20:23:51.188960")',
            (
                'Could not parse: Cannot convert "2017-04-29 20:23:51.188960" into a date.'
                "  You must use the ISO8601 date+time format."
            ),
        ),
        ("(Owner = nobody)", 'Cannot parse object reference from "nobody"'),
    ],
)
@pytest.mark.requirement("sandbox:query:errors")
def test_bad_queries_are_refused_with_the_real_text(client: Client, query: str, error: str) -> None:
    reply = client.send("GET", TYPE, query=query)
    assert reply.status == 200
    assert reply.json["QueryResult"]["Errors"] == [error]
    assert reply.json["QueryResult"]["Results"] == []


@pytest.mark.requirement("sandbox:query:errors")
def test_an_unfinished_query_is_refused(client: Client) -> None:
    for query in ("Name = a", "(Name = a", "(Name", '(Name = "a)', "()", "((Name = a)"):
        (error,) = client.get(TYPE, query=query)["Errors"]
        assert error.startswith("Could not parse: Error parsing expression -- expected")


@pytest.mark.requirement("sandbox:query:values")
def test_values_are_compared_by_their_type(client: Client) -> None:
    for name, size in (("sized one", 1), ("sized ten", 10), ("sized none", None)):
        client.make("HierarchicalRequirement", Name=name, PlanEstimate=size)
    only = '((Name contains "SIZED") AND ({}))'
    for condition, wanted in (
        ("PlanEstimate > 2", ["sized ten"]),
        ('PlanEstimate = "10"', ["sized ten"]),
        ("PlanEstimate = null", ["sized none"]),
        ("PlanEstimate != null", ["sized one", "sized ten"]),
        ("ScheduleState < In-Progress", ["sized one", "sized ten", "sized none"]),
        ("ScheduleState In Accepted,Released", []),
        ('Name !contains "one"', ["sized ten"]),
        ("CreationDate >= today", ["sized one", "sized ten", "sized none"]),
        ("CreationDate < today-1", []),
        ("Tags = null", ["sized one", "sized ten", "sized none"]),
    ):
        assert names(client, only.format(condition)) == wanted, condition


@pytest.mark.requirement("sandbox:query:paths")
def test_paths_lead_through_references_and_collections(client: Client) -> None:
    tag = client.make("Tag", Name="odd (one)")
    made = client.make("HierarchicalRequirement", Name="tagged", Tags=[{"_ref": tag["_ref"]}])
    assert names(client, '(Tags.Name = "odd (one)")') == ["tagged"]
    assert names(client, f"(Tags contains {tag['_ref']})") == ["tagged"]
    assert names(client, f'(ObjectID = "{made["ObjectID"]}")') == ["tagged"]
    assert "tagged" not in names(client, '(PortfolioItem.FormattedID = "F17")')
    assert len(names(client, '(PortfolioItem.FormattedID = "F17")')) == 10
    assert names(client, "(Iteration.StartDate > 2999-01-01)") == []


@pytest.mark.requirement("sandbox:query:nesting")
def test_nested_words_and_doubled_parentheses(client: Client) -> None:
    query = '(((FormattedID = US120) or (FormattedID = "US121")) AND ((Name != null)))'
    assert len(names(client, query)) == 2
    assert len(names(client, "((FormattedID = US120)OR(FormattedID = US121))")) == 2


@pytest.mark.requirement("sandbox:query:odd")
def test_odd_characters_are_data(client: Client) -> None:
    name = "a&b + c/d (e) 😀 #1;%"
    client.make("HierarchicalRequirement", Name=name)
    assert names(client, f'(Name = "{name}")') == [name]


@pytest.mark.requirement("sandbox:query:artifact")
def test_artifacts_are_asked_across_types(client: Client) -> None:
    found = client.items("/artifact", query="(FormattedID = US120)")
    assert [one["_type"] for one in found] == ["HierarchicalRequirement"]
    assert client.get("/artifact", query="(ScheduleState = Defined)")["Errors"] == [
        "Could not read: could not read all instances of class com.f4tech.slm.domain.Artifact"
    ]
    types = "hierarchicalrequirement,defect"
    both = client.items("/artifact", query="(ScheduleState != null)", types=types, pagesize=2000)
    assert {one["_type"] for one in both} == {"HierarchicalRequirement", "Defect"}


@pytest.mark.requirement("sandbox:query:order")
def test_order_is_by_value_without_case_and_refuses_unknown_names(client: Client) -> None:
    for name in ("sort b", "sort A", "sort C"):
        client.make("HierarchicalRequirement", Name=name)
    only = '(Name contains "sort ")'
    assert names(client, only, order="Name desc") == ["sort C", "sort b", "sort A"]
    assert names(client, only, order="Rank ASC") == ["sort b", "sort A", "sort C"]
    assert client.get(TYPE, order="Invalid")["Errors"] == [
        "Cannot sort using unknown attribute Invalid"
    ]
