// A kiosk leaves nothing to the next person: after a minute without a touch it asks in the chosen language whether
// anybody is still there, and twenty seconds later it goes back to the start. Nothing is stored on the device.
// The page is loaded once. What comes after is fetched and shown in its place when it has come whole and is ours, so
// that a line that fails leaves a calm page that tries again by itself, and never one of the browser's own.
(() => {
// From survey/domain/kiosk_times.py.
const {
  IDLE_MS, COUNTDOWN_S, FAST_MS, THANKS_MS, PROBLEM_MS, MAX_RETRY_MS, REFRESH_MS, CONTACT_MS, CONTACT_WITHIN_MS, CALM_MS, TICK_MS,
} = self.kioskTimes;
const { seven } = self, { start } = document.currentScript.dataset;
const one = (selector) => document.querySelector(selector);
// A page by its mark: the start, a pause between rounds, a tablet that was let go. The sheet has none.
const IDLE = /^(start|waiting|problem kiosk_gone)$/;
const parts = (page) => [...page.querySelectorAll('style, script')].map((each) => each.textContent);
const running = parts(document);
let begun = Date.now(), heard = begun, shown, going, awake;

const stay = () => {
  heard = Date.now();
  const asked = one('#still');
  if (asked && asked.open) asked.close();
};
for (const touch of ['pointerdown', 'touchmove', 'keydown', 'wheel', 'input']) {
  document.addEventListener(touch, stay, { capture: true, passive: true });
}

// By the clock and not by who comes: three times an hour, on every page of the kiosk, within half a minute that is
// shorter than a visit. A page that is opened inside that half minute tells in what is left of it.
const contact = () => {
  const passed = Date.now() % CONTACT_MS;
  const until = passed < CONTACT_WITHIN_MS ? 0 : CONTACT_MS - passed;
  const left = passed < CONTACT_WITHIN_MS ? CONTACT_WITHIN_MS - passed : CONTACT_WITHIN_MS;
  setTimeout(() => {
    fetch(`${start}/alive`, { method: 'POST', keepalive: true }).catch(() => {});
    setTimeout(contact, CONTACT_WITHIN_MS);
  }, until + Math.random() * left);
};
contact();

// An old browser goes back by loading the start.
if (!seven) {
  setInterval(() => { if (Date.now() - heard > IDLE_MS && location.pathname !== start) location.replace(start); }, TICK_MS);
  return;
}

const later = (milliseconds) => new Promise((resolve) => {
  awake = resolve;
  setTimeout(resolve, milliseconds);
});
addEventListener('online', () => { if (awake) awake(); });

// Everything off the screen at once; what is left says that it goes on by itself.
const wipe = () => {
  const calm = one('#calm'), form = one('form');
  if (form) form.reset();
  seven.wipe();
  for (const open of document.querySelectorAll('dialog[open]')) open.close();
  one('main').replaceChildren(calm || '');
  setTimeout(() => { if (calm) calm.hidden = false; }, CALM_MS);
};

const leave = async () => {
  if (going) return;
  going = true;
  const idle = IDLE.test(seven.said(document));
  if (!idle) wipe();
  let page, pause = PROBLEM_MS / 2;
  for (;;) {
    page = await seven.fetched(start);
    // The start that is shown stays until there is another.
    if (idle || IDLE.test(seven.said(page))) break;
    await later(pause);
    pause = Math.min(2 * pause, MAX_RETRY_MS);
  }
  going = false;
  heard = Date.now();
  if (!IDLE.test(seven.said(page))) return;
  // A newer edition of this very script and its looks is taken into use between two persons.
  if (parts(page).some((each) => !running.includes(each))) location.replace(start);
  else {
    seven.swap(page);
    seven.settle(start);
  }
};

const open = async (address) => {
  if (going) return;
  going = true;
  const wait = one('#wait');
  wait.textContent = wait.dataset.words;
  const page = await seven.fetched(address);
  going = false;
  if (!seven.sheetIn(page)) {
    wipe();
    leave();
    return;
  }
  begun = heard = Date.now();
  seven.swap(page, [], 0);
  history.replaceState([0, 0], '', address);
};

// Whether it was filled in faster than it can be read: told inside the sealed answer, and counted as such.
document.addEventListener('formdata', ({ formData }) => {
  formData.set('fast', Date.now() - begun < FAST_MS ? '1' : '0');
}, true);

document.addEventListener('click', (event) => {
  const pressed = event.target.closest('a, button');
  if (!pressed || event.defaultPrevented) return;
  const sure = one('#anew');
  if (pressed.matches('[data-language]')) open(pressed.getAttribute('href'));
  else if (pressed.matches('[data-stay]')) sure.close();
  else if (!pressed.matches('[data-leave]')) return;
  else if (sure && !sure.open && seven.answered()) sure.showModal();
  else leave();
  event.preventDefault();
});

const tick = () => {
  const mark = seven.said(document), asked = one('#still');
  if (mark !== shown) {
    shown = mark;
    heard = Date.now();
  }
  const quiet = Date.now() - heard;
  if (going) return;
  if (mark) {
    if (quiet >= (mark.startsWith('kept') ? THANKS_MS : IDLE.test(mark) ? REFRESH_MS : PROBLEM_MS)) leave();
    return;
  }
  if (!asked || quiet < IDLE_MS) return;
  const left = COUNTDOWN_S - Math.floor((quiet - IDLE_MS) / 1000);
  if (left <= 0) {
    leave();
    return;
  }
  if (!asked.open) {
    for (const other of document.querySelectorAll('dialog[open]')) other.close();
    asked.showModal();
  }
  asked.querySelector('output').textContent = left;
};
setInterval(tick, TICK_MS);

// What the browser had put aside belongs to the person before.
addEventListener('pageshow', ({ persisted }) => { if (persisted) leave(); });

})();
