"""What comes out of a tracker's text."""

import pytest

from panopticon.web.html import safe_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
    "<iframe src=https://evil.example></iframe>",
    "<style>@import url(https://evil.example)</style>",
    '<p style="background:url(https://evil.example)">x</p>',
    '<form action="https://evil.example"><input name=a></form>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<details open ontoggle="alert(1)">x</details>',
    "<base href=https://evil.example>",
    "<object data=x></object><embed src=x>",
    '![x"onerror="alert(1)](https://evil.example/a.png"onerror="alert(1))',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "`<script>alert(1)</script>`",
]
FORBIDDEN = [
    *("<script", "<img", "<svg", "<iframe", "<style", "<form", "<input", "<object", "<embed"),
    *("<base", "<math", " on", 'href="javascript', 'href="data', " style=", " id="),
]


@pytest.mark.requirement("web:html:sanitised")
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_runs(text: str) -> None:
    html = safe_html(f"before {text} after\n\n{text}")
    tags = "".join(part.split(">")[0] + ">" for part in ("_" + html).split("<")[1:])
    shown = "<" + tags.replace(">", "><")
    assert [bad for bad in FORBIDDEN if bad in shown] == []


@pytest.mark.requirement("web:html:readable")
def test_markdown_keeps_its_shape() -> None:
    html = safe_html(
        "- [ ] open\n- [x] shut\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n~~gone~~ **bold**"
    )
    assert '<li class="todo">open</li>' in html
    assert '<li class="done">shut</li>' in html
    assert "<td>2</td>" in html
    assert "<s>gone</s> <strong>bold</strong>" in html


@pytest.mark.requirement("web:html:readable")
def test_links_go_out_without_a_trace_and_pictures_are_links() -> None:
    html = safe_html("[a](https://a.example) ![chart](https://b.example/c.png)")
    assert html.count('rel="noopener noreferrer nofollow"') == 2
    assert '<a href="https://b.example/c.png"' in html
    assert ">chart</a>" in html


@pytest.mark.requirement("web:html:literal")
def test_raw_html_is_shown_as_it_was_typed() -> None:
    html = safe_html("a <b>c</b> List<String>\n\n<script>alert(1)</script>")
    assert html.startswith("<p>a &lt;b&gt;c&lt;/b&gt; List&lt;String&gt;</p>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.requirement("web:html:bounded")
@pytest.mark.parametrize("text", ["[" * 30_000, "*a " * 30_000, "`" * 30_000, "<b>\n" * 30_000])
def test_a_dense_text_is_shown_as_it_was_written(text: str) -> None:
    html = safe_html(text)
    assert "shown as it was written" in html
    assert html.endswith(f"<pre>{text.replace('<', '&lt;').replace('>', '&gt;')}</pre>")


@pytest.mark.requirement("web:html:bounded")
def test_a_long_text_is_cut_and_says_so() -> None:
    html = safe_html("word " * 100_000)
    assert "first 200,000 characters" in html
    assert len(html) < 200_200
