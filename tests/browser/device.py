"""A device's voices, as a test has them."""

# What is said is noted with the voice that says it, and goes on until it is cut.
DEVICE = """
(() => {
  const device = window.device = { voices: %s, said: [], cut: 0 };
  const speech = new EventTarget();
  speech.getVoices = () => device.voices;
  speech.speak = (words) => device.said.push([words.text, words.lang, words.voice && words.voice.name]);
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
