"""What a screen reader is told of the walk: in every language the same things in the same order as in Swedish.

Each has a name, and each name is in the reader's language, or is said to be in another.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession

from survey.config import ROOT
from survey.domain.questions.questionnaire import QUESTIONS
from survey.web.i18n.language_files import load_languages
from tests.answering import UNIT
from tests.browser.person import Person, a_person
from tests.language_folders import SHOWN

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("languages")]
LANGUAGES = load_languages(ROOT / "translations")
SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "fa-AF", "ckb"), "ARABIC"),
    **dict.fromkeys(("ru", "uk"), "CYRILLIC"),
    "th": "THAI",
    "ti": "ETHIOPIC",
}
NAMED = {"button", "combobox", "dialog", "group", "heading", "link", "option", "MenuListOption", "radio", "textbox"}
UNSAID = {"StaticText", "InlineTextBox", "LineBreak", "ListMarker", "generic", "none", "LabelText", "paragraph"}
# What only some languages have: the mark of a draft, and SKR's own words beside those that are easy to read.
DROP = "document.querySelectorAll('.draft-translation, fieldset > .hint').forEach((each) => each.remove())"
MARKED = """function () {
  const at = this.nodeType === 1 ? this : this.parentElement;
  return (at.querySelector('[lang]') || at.closest('[lang]')).lang;
}"""


@dataclass(frozen=True)
class Thing:
    """One thing that is told: what it is, its name and description, and where it stands in the page."""

    role: str
    name: str
    description: str
    node: int


def told(session: CDPSession) -> list[Thing]:
    """What is told of the page as it stands, in its order."""
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {each["nodeId"]: each for each in nodes}
    found, waiting = list[Thing](), [nodes[0]["nodeId"]]
    while waiting:
        node = by_id[waiting.pop()]
        waiting += reversed([each for each in node.get("childIds", []) if each in by_id])
        role = node.get("role", {}).get("value", "")
        if not node["ignored"] and role not in UNSAID:
            words = (node.get(key, {}).get("value", "").strip() for key in ("name", "description"))
            found.append(Thing(role, *words, node.get("backendDOMNodeId", 0)))
    return found


def walk_told(person: Person, tag: str) -> tuple[list[list[Thing]], CDPSession]:
    """What is told on each step of the walk, and of the language menu."""
    person.opens(f"/s/{UNIT}/{tag}")
    person.page.evaluate(DROP)
    session, steps = person.page.context.new_cdp_session(person.page), []
    for step in range(len(QUESTIONS) + 3):
        steps.append(told(session))
        if 0 < step <= len(QUESTIONS):
            person.page.locator("label.choice:visible").first.click()
        if step < len(QUESTIONS) + 2:
            person.page.click(".next")
    person.page.click("[href='#languages']")
    steps.append(told(session))
    return steps, session


def is_foreign(words: str, swedish: str, tag: str) -> bool:
    """Whether words look as if they were not in this language: Swedish, or in other letters."""
    letters = [each for each in words if each.isalpha()]
    script = SCRIPTS.get(tag)
    if script and letters and not any(unicodedata.name(each, "").startswith(script) for each in letters):
        return True
    spoken = LANGUAGES[tag]
    ours = spoken.html_lang == "sv" or words == spoken.name or words in spoken.texts.values()
    return bool(letters) and words == swedish and not ours


def faults_of_names(things: list[Thing], swedish: list[Thing], tag: str, session: CDPSession) -> list[str]:
    """Where a language is told otherwise than Swedish is, says nothing, or says it in an unmarked other language."""
    if [each.role for each in things] != [each.role for each in swedish]:
        return [f"told as {[each.role for each in things]}, in Swedish as {[each.role for each in swedish]}"]
    found = []
    for each, ours in zip(things, swedish, strict=True):
        # What is folded away is a group too, and its name is its button's.
        if not each.name and each.role in NAMED and (ours.name or each.role != "group"):
            found.append(f"a {each.role} has no name")
        if bool(each.description) != bool(ours.description):
            found.append(f"{each.name}: described in one language alone")
        pairs = ((each.name, ours.name), (each.description, ours.description))
        if any(is_foreign(words, other, tag) for words, other in pairs) and _marked(each, session) == tag:
            found.append(f"a {each.role} is called {each.name!r} {each.description!r}")
    return found


def _marked(thing: Thing, session: CDPSession) -> str:
    """The language that the page says a thing is in."""
    if not thing.node:
        return ""
    at = session.send("DOM.resolveNode", {"backendNodeId": thing.node})["object"]["objectId"]
    if thing.role == "RootWebArea":
        return ""  # its name is the title's, where no part can be marked
    called = {"objectId": at, "functionDeclaration": MARKED, "returnByValue": True}
    return str(session.send("Runtime.callFunctionOn", called)["result"]["value"])


@pytest.fixture(scope="module")
def swedish(browser: Browser, resident_address: str) -> list[list[Thing]]:
    """What is told of the walk in Swedish."""
    person = a_person(browser, resident_address)
    steps, _session = walk_told(person, "sv")
    person.page.context.close()
    return steps


@pytest.mark.parametrize("tag", SHOWN)
def test_the_walk_is_told_alike_in_every_language(
    browser: Browser, resident_address: str, swedish: list[list[Thing]], tag: str
) -> None:
    person = a_person(browser, resident_address)
    steps, session = walk_told(person, tag)
    found = []
    for number, (things, ours) in enumerate(zip(steps, swedish, strict=True)):
        found += [f"step {number}: {each}" for each in faults_of_names(things, ours, tag, session)]
    person.page.context.close()
    assert found == []
    assert sum(len(things) for things in steps) > 150


def test_what_is_told_otherwise_is_found(browser: Browser, resident_address: str, swedish: list[list[Thing]]) -> None:
    person = a_person(browser, resident_address)
    person.opens(f"/s/{UNIT}/fi")
    person.page.evaluate(DROP)
    person.goes_on()
    session = person.page.context.new_cdp_session(person.page)
    assert faults_of_names(told(session), swedish[1], "fi", session) == []
    plant = "(words) => { document.querySelector('.is-current .choice span').textContent = words }"
    person.page.evaluate(plant, "Ja")
    assert "is called 'Ja'" in " ".join(faults_of_names(told(session), swedish[1], "fi", session))
    person.page.evaluate(plant, "")
    assert "a radio has no name" in faults_of_names(told(session), swedish[1], "fi", session)
    person.page.evaluate("document.querySelector('.is-current .choice input').type = 'checkbox'")
    assert "told as" in faults_of_names(told(session), swedish[1], "fi", session)[0]
    person.page.context.close()
