"""What a source of story files may be told."""

import pytest

from panopticon.config import TYPES, Source
from panopticon.errors import InvalidInput
from panopticon.model.issue import State
from panopticon.trackers.markdown.options import OPTIONS, options_from


def source(**options: object) -> Source:
    return Source("stories", "markdown", options, None, "")


@pytest.mark.requirement("markdown:options:same-as-config")
def test_config_lets_the_same_keys_through() -> None:
    assert OPTIONS.keys() == TYPES["markdown"].keys


@pytest.mark.requirement("markdown:options:read")
def test_options_are_read() -> None:
    options = options_from(
        source(
            folders=["~/a", "~/b"],
            folder="~/a",
            names={"~/a": "The  App", "~/b": " "},
            commit=True,
            states={"Ready for QA": "in_review", "parked": "Backlog"},
            include="specs/*.md",
        )
    )
    assert options.folders == ("~/a", "~/b")
    assert options.names == {"~/a": "The App"}
    assert options.commit
    assert options.words == {"Ready for QA": State.IN_REVIEW, "parked": State.BACKLOG}
    assert options.include == ("specs/*.md",)
    assert options_from(source(folder="x")).commit is False


@pytest.mark.requirement("markdown:options:wrong")
@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({}, "folders"),
        ({"folder": 7}, "folder"),
        ({"folder": "a", "commit": "perhaps"}, "commit"),
        ({"folder": "a", "states": {"qa": "somewhere"}}, "states"),
        ({"folder": "a", "states": ["qa"]}, "states"),
        ({"folder": "a", "names": ["A"]}, "names"),
        ({"folder": "a", "names": {"a": "two\nlines"}}, "names"),
        ({"folder": "a", "exclude": [""]}, "exclude"),
        ({"folder": "a", "colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named(options: dict[str, object], key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        options_from(source(**options))
    assert f"`{key}`" in caught.value.message
    assert caught.value.details["key"] == key
    assert caught.value.hint
