// A kiosk leaves nothing to the next person: after a minute without a touch it asks in the chosen language whether
// anybody is still there, and twenty seconds later it goes back to the start. What is sealed to be sent later, and the
// empty pages, are kiosk_queue.js's; nothing else is stored on the device.
// The page is loaded once. What comes after is fetched and shown in its place when it has come whole and is ours, so
// that a line that fails leaves a calm page that tries again by itself, and never one of the browser's own.
(() => {
// From survey/domain/kiosks/times.py.
const {
  IDLE_MS, COUNTDOWN_S, THANKS_MS, PROBLEM_MS, MAX_RETRY_MS, REFRESH_MS, CONTACT_MS, CONTACT_WITHIN_MS,
  CALM_MS, TICK_MS,
} = self.kioskTimes;
const { answerSheet } = self, { start } = document.currentScript.dataset;
const query = (selector) => document.querySelector(selector);
// A page by its mark: the start, a pause between rounds, a tablet that was let go. The sheet has none.
const isResting = (mark) => /^(start|waiting|problem kiosk_gone)$/.test(mark);
const inlineParts = (page) => [...page.querySelectorAll('style, script')].map((each) => each.textContent);
const currentParts = inlineParts(document);
let lastActivity = Date.now(), shownMark, busy, wakeUp;

const noteActivity = () => {
  lastActivity = Date.now();
  const idleDialog = query('#still');
  if (idleDialog && idleDialog.open) idleDialog.close();
};
for (const touch of ['pointerdown', 'touchmove', 'keydown', 'wheel', 'input']) {
  document.addEventListener(touch, noteActivity, { capture: true, passive: true });
}
// Who watches a film touches nothing. One that is out of sight, or begins anew by itself, may be watched by nobody.
document.addEventListener('timeupdate', ({ target }) => {
  if (target.getClientRects().length && !target.loop) noteActivity();
}, true);

// By the clock and not by who comes: three times an hour, on every page of the kiosk, within half a minute that is
// shorter than a visit. A page that is opened inside that half minute tells in what is left of it.
const reportContact = () => {
  const passed = Date.now() % CONTACT_MS;
  const isWithin = passed < CONTACT_WITHIN_MS;
  const until = isWithin ? 0 : CONTACT_MS - passed;
  const within = isWithin ? CONTACT_WITHIN_MS - passed : CONTACT_WITHIN_MS;
  setTimeout(() => {
    if (answerSheet) self.kioskQueue.report();
    else fetch(`${start}/alive`, { method: 'POST', keepalive: true }).catch(() => {});
    setTimeout(reportContact, CONTACT_WITHIN_MS);
  }, until + Math.random() * within);
};
reportContact();

// An old browser goes back by loading the start.
if (!answerSheet) {
  setInterval(() => {
    if (Date.now() - lastActivity > IDLE_MS && location.pathname !== start) location.replace(start);
  }, TICK_MS);
  return;
}

const sleep = (milliseconds) => new Promise((resolve) => {
  wakeUp = resolve;
  setTimeout(resolve, milliseconds);
});
addEventListener('online', () => { if (wakeUp) wakeUp(); });

// Everything off the screen at once; what is left says that it goes on by itself.
const wipe = () => {
  const calm = query('#calm'), form = query('form');
  if (form) form.reset();
  answerSheet.wipe();
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  query('main').replaceChildren(calm || '');
  setTimeout(() => {
    if (calm) calm.hidden = false;
  }, CALM_MS);
};

const returnToStart = async () => {
  if (busy) return;
  busy = true;
  const resting = isResting(answerSheet.pageMark(document));
  if (!resting) wipe();
  let page, pause = PROBLEM_MS / 2;
  for (;;) {
    page = await answerSheet.fetchPage(start);
    // The start that is shown stays until there is another.
    if (resting || isResting(answerSheet.pageMark(page))) break;
    await sleep(pause);
    pause = Math.min(2 * pause, MAX_RETRY_MS);
  }
  busy = false;
  lastActivity = Date.now();
  if (!isResting(answerSheet.pageMark(page))) return;
  self.kioskQueue.prepare().catch(() => {});
  // A newer edition of this very script and its looks is taken into use between two persons.
  if (inlineParts(page).some((each) => !currentParts.includes(each))) location.replace(start);
  else {
    answerSheet.replacePage(page);
    answerSheet.rewindHistory(start);
  }
};

const openSheet = async (address) => {
  if (busy) return;
  busy = true;
  const wait = query('#wait'), { last } = wait.dataset;
  wait.textContent = wait.dataset.words;
  const isOver = await self.kioskQueue.isOver(last);
  const page = await answerSheet.fetchPage(isOver ? `${start}/resting` : address);
  busy = false;
  if (isOver && isResting(answerSheet.pageMark(page))) {
    answerSheet.replacePage(page);
    return;
  }
  if (!answerSheet.formIdOf(page)) {
    wipe();
    returnToStart();
    return;
  }
  lastActivity = Date.now();
  answerSheet.replacePage(page, [], 0);
  history.replaceState([0, 0], '', address);
};

document.addEventListener('click', (event) => {
  const pressed = event.target.closest('a, button');
  if (!pressed || event.defaultPrevented) return;
  const clearDialog = query('#anew');
  if (pressed.matches('[data-start]')) location.replace(pressed.href);
  else if (pressed.matches('[data-language]')) openSheet(pressed.getAttribute('href'));
  else if (pressed.matches('[data-stay]')) clearDialog.close();
  else if (!pressed.matches('[data-leave]')) return;
  else if (clearDialog && !clearDialog.open && answerSheet.hasAnswers()) clearDialog.showModal();
  else returnToStart();
  event.preventDefault();
});

const tick = () => {
  const mark = answerSheet.pageMark(document), idleDialog = query('#still');
  if (mark !== shownMark) {
    shownMark = mark;
    lastActivity = Date.now();
  }
  const idleMs = Date.now() - lastActivity;
  if (busy) return;
  if (mark) {
    const stays = mark.startsWith('kept') ? THANKS_MS : isResting(mark) || mark === 'paired' ? REFRESH_MS : PROBLEM_MS;
    if (idleMs >= stays) returnToStart();
    return;
  }
  if (!idleDialog || idleMs < IDLE_MS) return;
  const left = COUNTDOWN_S - Math.floor((idleMs - IDLE_MS) / 1000);
  if (left <= 0) {
    returnToStart();
    return;
  }
  if (!idleDialog.open) {
    for (const other of document.querySelectorAll('dialog[open]')) other.close();
    idleDialog.showModal();
  }
  idleDialog.querySelector('output').textContent = left;
};
setInterval(tick, TICK_MS);
if (query('[data-edition]')) self.kioskQueue.prepare().catch(() => {});

// What the browser had put aside belongs to the person before.
addEventListener('pageshow', ({ persisted }) => { if (persisted) returnToStart(); });
})();
