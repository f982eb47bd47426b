"""Rich text to markdown and back."""

import re
import time
from html import escape, unescape

import pytest
from hypothesis import example, given, strategies as st
from markdownify import markdownify

from panopticon.errors import InvalidInput
from panopticon.sandbox.rally.convert import _HTML
from panopticon.trackers.rally.text import html_from, markdown_from
from panopticon.web.html import safe_html


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
        ("<p>src/auth_user/login_form.py a * b</p>", "src/auth_user/login_form.py a * b"),
        ("<p>src/models/__init__.py</p>", r"src/models/\_\_init\_\_.py"),
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


@pytest.mark.requirement("rally:text:hostile")
@pytest.mark.parametrize(
    ("markdown", "back"),
    [
        ("see [x](javascript:alert(1)) and [y](data:text/html,hi)", "see x and y"),
        ("<JavaScript:alert(1)> [z](vbscript:x)", "JavaScript:alert(1) z"),
        ("`javascript:x`", "`javascript:x`"),
        ("[ok](https://a/b?c=javascript:1&one=2)", "[ok](https://a/b?c=javascript:1&one=2)"),
        ('[ok](https://a/b "onclick=x")', '[ok](https://a/b "onclick=x")'),
        ("a\x1b[31mred\x1b[0m \x07b\x00c\x85d\x7f\te", "ared bcd e"),
        ("javascript:" + "*" * 20_000, "javascript:" + "\\*" * 20_000),
    ],
)
def test_what_rally_refuses_is_left_out_and_its_words_stay(markdown: str, back: str) -> None:
    html = html_from(markdown)
    assert not _HTML.search(html)
    assert html.isprintable() or "\t" in html
    assert markdown_from(html) == back


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
        r"\# 1 issue",
        r"List\<String> \*x\* \_\_init\_\_ login_form.py \`b\`",
        "- [ ] open\n- [x] done",
        "````\n```\n# x\n````",
        "| a\\|b |\n| --- |\n| \\*c\\* |",
    ],
)
def test_markdown_comes_back_as_it_was_sent(markdown: str) -> None:
    assert markdown_from(html_from(markdown)) == markdown


def read(html: str) -> list[str]:
    """Give the words that a person sees."""
    return unescape(re.sub("<[^>]*>", " ", html)).split()


MARKS = [
    *("<", ">", "<b>", "</p>", "<!--", "&lt;", "&#35;", "#", "##", "-", "--", "+", "=", "==", "1."),
    *("12)", "*", "**", "_", "__", "`", "```", "~~", "~~~", "|", "|-|", ":-", "[", "]", "](", "]:"),
    *("![", "\\", "(", ")", " ", "  ", "\n", "\t", "\xa0", "a", "b_c", "http://x.y", "[ ] ", "."),
]
WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    st.lists(st.sampled_from(MARKS)).map("".join),
)


@pytest.mark.requirement("rally:text:literal")
@given(WORDS)
@example("# 1 issue")
@example("1.\xa0x")
@example("\\\n<")
@example("#\t<")
@example("Use List<String> <script>alert(1)</script>")
@example("__init__ and *x* and ```")
@pytest.mark.parametrize(
    "shape",
    [
        "<p>{}</p>",
        "{}",
        "<div>x</div><p>y<br>{}</p>",
        "<blockquote>{}</blockquote>",
        "<h2>{}</h2>",
        "<ul><li>y {}</li></ul>",
        "<table><tr><th>a</th></tr><tr><td>{}</td></tr></table>",
        "<ul><li>y<ul><li>z {}</li></ul></li></ul>",
    ],
)
def test_words_stay_the_words_they_are(shape: str, words: str) -> None:
    html = shape.format(escape(words))
    markdown = markdown_from(html)
    assert read(safe_html(markdown)) == read(html)
    assert read(html_from(markdown)) == read(html)
    again = markdown_from(html_from(markdown))
    assert read(safe_html(again)) == read(html)


@pytest.mark.requirement("rally:text:literal")
@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1))
@pytest.mark.parametrize("shape", ["<p>x <code>{}</code> y</p>", "<pre>{}</pre>"])
def test_code_stays_the_code_it_is(shape: str, words: str) -> None:
    html = shape.format(escape(words))
    markdown = markdown_from(html)
    assert read(safe_html(markdown)) == read(html)
    assert read(html_from(markdown)) == read(html)


@pytest.mark.requirement("rally:text:literal")
def test_marks_beside_literal_ones_still_mark() -> None:
    html = "<p>Use <b>x</b> List&lt;String&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert safe_html(markdown_from(html)).strip() == html.replace("b>", "strong>")
    link = markdown_from('<p>!<a href="https://a.b/c">x] [y</a></p>')
    assert link == r"\![x\] \[y](https://a.b/c)"


@pytest.mark.requirement("rally:text:bound")
@pytest.mark.parametrize("hostile", ["[x](", "![[", "*a", "_a*", "`a``", "> - "])
def test_a_hostile_text_takes_no_time(hostile: str) -> None:
    with pytest.raises(InvalidInput, match=r"too long: 1,0\d\d,\d\d\d characters") as told:
        html_from(hostile * (1_040_000 // len(hostile)))
    assert "32,768" in told.value.hint
    began = time.process_time()
    assert html_from(hostile * (65_536 // len(hostile)))
    assert time.process_time() - began < 2  # seconds; unbounded it takes minutes


@pytest.mark.requirement("rally:text:bound")
def test_a_text_of_too_many_marks_stays_the_words_it_is() -> None:
    text = "<b>\n" + "[x](" * 10_000 + "&amp;\n\\"
    assert html_from(text).startswith("<p>&lt;b&gt;<br />[x]([x](")
    assert unescape(html_from(text).replace("<br />", "\n"))[3:-4] == text
    assert html_from("*a* " * 4_000).startswith("<p><em>a</em> ")
