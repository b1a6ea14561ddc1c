// A kiosk leaves nothing to the next person: after a minute without a touch it asks in the chosen language whether
// anybody is still there, and twenty seconds later it goes back to the start. Nothing is stored on the device.
(() => {
const QUIET = 60000, COUNT = 20, FAST = 8000, RETURN = 15000;
const CONTACT = 20 * 60000, WITHIN = 30000;
const start = document.currentScript.dataset.start;
const begun = Date.now();
let heard = Date.now(), left = 0;

const leave = () => {
  const form = document.querySelector('#sheet');
  if (form) {
    form.reset();
    form.remove();
  }
  location.replace(start);
};

// Whether it was filled in faster than it can be read: told inside the sealed answer, and counted as such.
document.addEventListener('formdata', ({ formData }) => {
  formData.set('fast', Date.now() - begun < FAST ? '1' : '0');
}, true);

const stay = () => {
  heard = Date.now();
  left = 0;
  const asked = document.querySelector('#still');
  if (asked && asked.open) asked.close();
};
for (const touch of ['pointerdown', 'touchmove', 'keydown', 'wheel', 'input']) {
  document.addEventListener(touch, stay, { capture: true, passive: true });
}

const tick = () => {
  const asked = document.querySelector('#still');
  if (!asked || Date.now() - heard < QUIET) return;
  left = COUNT - Math.floor((Date.now() - heard - QUIET) / 1000);
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
setInterval(tick, 500);

// What the browser had put aside belongs to the person before.
addEventListener('pageshow', ({ persisted }) => { if (persisted) location.replace(start); });

// By the clock and not by who comes: three times an hour, on every page of the kiosk, within half a minute that is
// shorter than a visit. A page that is opened inside that half minute tells in what is left of it.
const contact = () => {
  const passed = Date.now() % CONTACT;
  const until = passed < WITHIN ? 0 : CONTACT - passed;
  const left = passed < WITHIN ? WITHIN - passed : WITHIN;
  setTimeout(() => {
    fetch(`${start}/alive`, { method: 'POST', keepalive: true }).catch(() => {});
    setTimeout(contact, WITHIN);
  }, until + Math.random() * left);
};
contact();
if (document.querySelector('[data-kiosk-thanks]')) setTimeout(leave, RETURN);
})();
