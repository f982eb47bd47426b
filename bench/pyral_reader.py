"""What a script with pyral does to read the same fields; run as a process of its own.

`guide`: as its documentation shows, the tasks through each story. `bulk`: one query a type with
the largest pages and its own threads. It reads into plain dictionaries and stores nothing.
"""

import json
import os
import sys

import pyral.restapi

STORY = (
    "FormattedID,Name,Description,ScheduleState,Owner,UserName,EmailAddress,Tags,PlanEstimate,"
    "Iteration,Release,Parent,PortfolioItem,Blocked,BlockedReason,CreationDate,LastUpdateDate,"
    "ObjectID,VersionId,Project,DragAndDropRank,c_AcceptanceCriteria,c_LockedBy,c_LockedAt,"
    "c_LockExpiry,c_Branch,c_Coverage,c_CommitSHA,Predecessors,Successors,Tasks"
)
TASK = (
    "FormattedID,Name,Description,State,Owner,UserName,EmailAddress,Estimate,ToDo,TaskIndex,"
    "WorkProduct,Tags,Blocked,CreationDate,LastUpdateDate,ObjectID,VersionId,Project"
)
STORY_FIELDS = ("FormattedID", "Name", "Description", "ScheduleState", "PlanEstimate", "VersionId")
TASK_FIELDS = ("FormattedID", "Name", "State", "Estimate", "VersionId")


def connect() -> pyral.Rally:
    """Connect as the guide does, over plain http because the sandbox speaks that."""
    pyral.restapi.PROTOCOL = "http"
    rally = json.loads(os.environ["SANDBOX"])  # noqa: TID251
    return pyral.Rally(
        rally["url"].removeprefix("http://"),
        apikey=rally["api_key"],
        workspace=rally["workspace"]["name"],
        project=rally["project"]["name"],
    )


def row(item: object, names: tuple[str, ...]) -> dict[str, object]:
    """Copy fields into a dictionary, the owner by name."""
    found = {name: getattr(item, name) for name in names}
    owner = item.__dict__.get("Owner")
    found["Owner"] = owner and owner.Name
    return found


def guide(limit: int) -> dict[str, int]:
    """Read `limit` stories and each one's tasks through the story."""
    rally = connect()
    stories: list[dict[str, object]] = []
    tasks: list[dict[str, object]] = []
    found = rally.get(
        "HierarchicalRequirement", fetch=STORY, order="ObjectID", projectScopeDown=True, limit=limit
    )
    for story in found:
        stories.append(row(story, STORY_FIELDS))
        tasks.extend(row(task, TASK_FIELDS) for task in story.Tasks)
    return {"stories": len(stories), "tasks": len(tasks)}


def bulk() -> dict[str, int]:
    """Read every story and every task with one query a type."""
    rally = connect()
    count = {}
    for name, fetch, fields in (
        ("HierarchicalRequirement", STORY, STORY_FIELDS),
        ("Task", TASK, TASK_FIELDS),
    ):
        found = rally.get(
            name, fetch=fetch, order="ObjectID", projectScopeDown=True, pagesize=2000, threads=8
        )
        count[name] = len([row(item, fields) for item in found])
    return {"stories": count["HierarchicalRequirement"], "tasks": count["Task"]}


if __name__ == "__main__":
    print(json.dumps(guide(int(sys.argv[2])) if sys.argv[1] == "guide" else bulk()))
