// Reading aloud, and pictures beside the options: fetched by who presses for one of them, and gone with the page.
// Read by a voice of this very device alone. Where the device says of a voice that it is elsewhere, what is read would
// be sent there, and with it that somebody answers. Which option was chosen is never read: others may sit beside.
(() => {
const SVG = 'http://www.w3.org/2000/svg';
const READ = 'h2, p, .field > legend, .field > label:not(.choice), .choice > span';
const doc = document, speech = self.speechSynthesis;
const query = (selector) => doc.querySelector(selector);
const queryAll = (selector, from = doc) => [...from.querySelectorAll(selector)];
// The step that is being read and what is left to say; whether pictures are wanted.
let step = null, utterances = [], withPictures = false;

const mark = (name, isOn) => {
  const button = query(`.${name}`);
  if (!button) return;
  button.setAttribute('aria-pressed', isOn);
  button.style.background = isOn ? 'var(--blue-tint)' : '';
};

const stop = () => {
  step = null;
  utterances = [];
  if (speech) speech.cancel();
  mark('aloud', false);
};

const base = (tag) => tag.toLowerCase().split(/[-_]/)[0];
const voiceFor = (tag) => {
  const near = speech.getVoices().filter((voice) => voice.localService && base(voice.lang) === base(tag));
  const exact = (voice) => voice.lang.toLowerCase().replace('_', '-') === tag.toLowerCase();
  return near.find(exact) || near.find((voice) => voice.default) || near[0];
};

// What the eye sees of a step, in its order; what no voice here can say is left out.
const spoken = (section) => queryAll(READ, section).map((part) => {
  const words = part.textContent.replace(/\s+/g, ' ').trim();
  const voice = voiceFor(part.closest('[lang]').lang);
  if (!words || !voice || part.closest('details:not([open]) p') || !part.getClientRects().length) return null;
  const said = new self.SpeechSynthesisUtterance(words);
  return Object.assign(said, { voice, lang: voice.lang });
}).filter(Boolean);

const readAloud = () => {
  if (step) {
    stop();
    return;
  }
  stop();
  const section = query('.step.is-current');
  const parts = section ? spoken(section) : [];
  if (!parts.length) return;
  step = section;
  utterances = parts;
  const isOver = () => { if (utterances === parts) stop(); };
  parts[parts.length - 1].onend = isOver;
  for (const part of parts) {
    part.onerror = isOver;
    speech.speak(part);
  }
  mark('aloud', true);
};

// A glass: how much of it is so. No colour and no face, so that no answer looks better than another. A line each:
// how it is drawn, and its path.
const GLASS = 'M10 6h20l-3 28H13z';
const PICTURES = {
  yes: [['line', GLASS], ['area', 'M10.6 11h18.8l-2.4 23H13z']],
  partly: [['line', GLASS], ['area', 'M11.6 21h16.8L27 34H13z']],
  no: [['line', GLASS]],
  needed: [['line', GLASS], ['line', 'M20 10v17M14 21l6 6 6-6']],
  'not_needed': [['dashes', GLASS], ['line', 'M4 37L36 3']],
  'dont_know': [['line', 'M13 14c0-9 14-9 14 0 0 6-7 5-7 12M20 32v1']],
};
const DRAWN = { line: {}, area: { fill: 'currentColor' }, dashes: { 'stroke-dasharray': '1 4.5' } };

const withAttributes = (element, attributes) => {
  for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
  return element;
};

const picture = (name) => {
  const drawing = withAttributes(doc.createElementNS(SVG, 'svg'), {
    'class': 'picture', 'aria-hidden': true, 'viewBox': '0 0 40 40', 'width': 44, 'height': 44,
    'fill': 'none', 'stroke': 'currentColor', 'stroke-width': 2.5, 'stroke-linecap': 'round',
  });
  for (const [kind, d] of PICTURES[name]) {
    drawing.append(withAttributes(doc.createElementNS(SVG, 'path'), { d, ...DRAWN[kind] }));
  }
  Object.assign(drawing.style, { marginInlineStart: 'auto', flex: 'none' });
  return drawing;
};

// Residents say at this one whether they need what they lack.
const isNeeded = ({ name, value }) => name === 'fast_vardkontakt' && value === 'no' &&
  !query(`[name=${name}][value=partly]`);

const drawPictures = () => {
  for (const input of queryAll('#sheet .step:not(.about) .choice > input')) {
    const name = isNeeded(input) ? 'needed' : input.value;
    const there = input.parentNode.querySelector('.picture');
    if (there && !withPictures) there.remove();
    else if (!there && withPictures) input.parentNode.append(picture(name));
  }
  mark('pictures', withPictures);
};

self.pressAid = (button) => {
  if (button.matches('.aloud')) readAloud();
  else {
    withPictures = !withPictures;
    drawPictures();
  }
};

// Another step, another page or nobody there: what is read stops, and the next person begins without pictures.
new self.MutationObserver(() => {
  if (step && query('.step.is-current') !== step) stop();
  if (!query('#sheet')) withPictures = false;
  else if (withPictures && !query('.picture')) drawPictures();
}).observe(doc.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
addEventListener('pagehide', stop);
doc.addEventListener('visibilitychange', () => { if (doc.hidden) stop(); });
doc.addEventListener('keydown', ({ key }) => { if (key === 'Escape' && step) stop(); });
})();
