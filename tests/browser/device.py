"""A device's voices, as a test has them, and what they are given to say."""

from collections.abc import Callable
from typing import Any

from tests.browser.person import Person

Open = Callable[..., Person]

# What is said is noted with the voice that says it, and goes on until it is cut.
DEVICE = """
(() => {
  const device = window.device = { voices: %s, said: [], spoken: [], cut: 0 };
  const speech = new EventTarget();
  speech.getVoices = () => device.voices;
  speech.speak = (words) => {
    device.spoken.push(words);
    device.said.push([words.text, words.lang, words.voice && words.voice.name]);
  };
  speech.cancel = () => { device.cut += 1; };
  Object.defineProperty(speech, 'onvoiceschanged', {
    set(told) { speech.addEventListener('voiceschanged', told); },
  });
  device.gets = (voices) => {
    device.voices = voices;
    speech.dispatchEvent(new Event('voiceschanged'));
  };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
  window.SpeechSynthesisUtterance = function Said(text) { this.text = text; };
})();
"""
EVERY_LANGUAGE = "{ name: 'here', localService: true, get lang() { return document.documentElement.lang } }"
OURS = "{ name: 'here', lang: 'sv-SE', localService: true }"
ARABIC = "{ name: 'here too', lang: 'ar_EG', localService: true }"
FAR = "{ name: 'far away', lang: 'sv-SE', localService: false, default: true }"
SIMILAR = "{ name: 'other', lang: 'sve-XX', localService: true }"


def said(person: Person) -> list[list[Any]]:
    """What the device was given to say, with the language and the voice."""
    found: list[list[Any]] = person.page.evaluate("device.said")
    return found


def read_aloud(person: Person) -> None:
    """Press the button, and wait until something is being read."""
    person.page.click(".aloud")
    person.page.wait_for_selector(".aloud[aria-pressed=true]")
