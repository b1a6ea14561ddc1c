// A kiosk leaves nothing to the next person: after a minute without a touch it asks in the chosen language whether
// anybody is still there, and twenty seconds later it goes back to the start. Nothing is stored on the device.
(() => {
const QUIET = 60000, COUNT = 20, FAST = 8000, RETURN = 15000, CONTACT = 600000;
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

// By the clock and not by who comes: a device that nobody uses is heard of as often as any other.
if (document.querySelector('[data-kiosk-start]')) {
  const tell = () => fetch(`${start}/alive`, { method: 'POST' }).catch(() => {});
  setTimeout(() => { tell(); setInterval(tell, CONTACT); }, Math.random() * CONTACT);
}
if (document.querySelector('[data-kiosk-thanks]')) setTimeout(leave, RETURN);
})();
