"""Rich text to markdown and back."""

import pytest
from hypothesis import given, strategies as st
from markdownify import markdownify

from panopticon.trackers.rally.text import html_from, markdown_from


@pytest.mark.requirement("rally:text:markdown")
@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("plain &amp; simple", "plain & simple"),
        ("<p>One <b>two</b></p><p>three</p>", "One **two**\n\nthree"),
        ("<ul><li>a</li><li><code>b_c</code></li></ul>", "- a\n- `b_c`"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<h2>Head</h2><div>text</div>", "## Head\n\ntext"),
        ('<p><a href="https://x.y/z" target="_blank">link</a></p>', "[link](https://x.y/z)"),
        ("<p>a&nbsp;b</p>", "a b"),
        ("<p>src/models/__init__.py *</p>", "src/models/__init__.py *"),
        ("", ""),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert markdown_from(html) == markdown


@pytest.mark.requirement("rally:text:markdown")
def test_tables_code_blocks_and_nested_lists_survive() -> None:
    found = markdown_from(
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
        "<pre>x = 1\ny = 2</pre><ul><li>one<ul><li>inner</li></ul></li></ul>"
    )
    assert "| a | b |" in found
    assert "```\nx = 1\ny = 2\n```" in found
    assert "- one\n" in found
    assert "  - inner" in found


PIECES = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<ul><li>one</li><li>two</li></ul>",
            "<p>some <b>bold</b> word</p>",
            "<p>a <code>c</code></p>",
            "<h3>Head</h3>",
            "<p>x &lt; y</p>",
            "<div>last one</div>",
        ]
    ),
    max_size=6,
)


@pytest.mark.requirement("rally:text:markdown")
@given(PIECES)
def test_the_short_way_says_the_same_as_the_general_converter(pieces: list[str]) -> None:
    html = "".join(pieces)
    general = markdownify(
        html, heading_style="ATX", bullets="-", escape_underscores=False, escape_asterisks=False
    )
    assert markdown_from(html).split() == general.split()


@pytest.mark.requirement("rally:text:hostile")
@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script><p>safe</p>",
        '<p onclick="alert(1)">safe</p>',
        '<a href="javascript:alert(1)">safe</a>',
        "<style>p{}</style>safe",
        "<iframe src=x></iframe>safe",
        "<p>safe" + "<div>" * 5000,
        "<![CDATA[<b>]]>safe<",
    ],
)
def test_hostile_html_is_harmless(html: str) -> None:
    found = markdown_from(html)
    assert "safe" in found
    assert "alert" not in found
    assert "javascript" not in found


@pytest.mark.requirement("rally:text:hostile")
def test_markdown_cannot_smuggle_html() -> None:
    html = html_from("<script>alert(1)</script> **bold** [x](javascript:alert(1))")
    assert "<script" not in html
    assert "<strong>bold</strong>" in html
    assert 'href="javascript' not in html


@pytest.mark.requirement("rally:text:round-trip")
@pytest.mark.parametrize(
    "markdown",
    [
        "plain",
        "**b** and `c`",
        "- a\n- b",
        "1. a\n2. b",
        "# H\n\ntext",
        "[a](https://b.c)",
        "a & b < c 🚀",
    ],
)
def test_markdown_comes_back_as_it_was_sent(markdown: str) -> None:
    assert markdown_from(html_from(markdown)) == markdown
