// What a paired device does without a line. It puts its pages aside, seals each answer the moment it is sent, keeps it
// until it has been taken, and sends it once. What lies here names no person and no time, and the device can't open it.
(() => {
const CONTENT_SIZE = 384, MARK_SIZE = 16, DAY_MS = 86400000, WEEK_DAYS = 7;
const FIRST_WAIT_MS = 2000, MAX_ASKED = 1000;
const { start } = document.currentScript.dataset;
const { MAX_RETRY_MS } = self.kioskTimes;
const { answerSheet } = self;
const [, , unit] = start.split('/');
const { seal, newPair, join, utf8 } = self.kioskSeal;
const toHex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (text) => new Uint8Array(text.match(/../g).map((pair) => parseInt(pair, 16)));

// The store: one answer a mark, and the marks are drawn by chance, so that no order is kept.
const asPromise = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
let opened;
const database = () => {
  if (!opened) {
    const asked = indexedDB.open('kiosk', 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('answers', { keyPath: 'mark' });
      asked.result.createObjectStore('notes');
    };
    opened = asPromise(asked);
    opened.catch(() => { opened = undefined; });
  }
  return opened;
};
// Done when it lies on the disk, not before.
const write = async (store, change) => {
  const transaction = (await database()).transaction(store, 'readwrite', { durability: 'strict' });
  change(transaction.objectStore(store));
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
};
const readAll = async () => asPromise((await database()).transaction('answers').objectStore('answers').getAll());
const readNote = async (name) => asPromise((await database()).transaction('notes').objectStore('notes').get(name));
const put = (answers) => write('answers', (store) => answers.forEach((each) => store.put(each)));
const remove = (answers) => write('answers', (store) => answers.forEach(({ mark }) => store.delete(mark)));
const inState = (answers, state) => answers.filter((each) => each.state === state);

const post = async (address, body) => {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), MAX_RETRY_MS / 3);
  try {
    const reply = await fetch(address, { method: 'POST', body, redirect: 'manual', signal: limit.signal });
    return await reply.json();
  } catch {
    return {};
  } finally {
    clearTimeout(timer);
  }
};

// One tab at a time, one answer after the other, in an order drawn anew: the database's must tell nothing of this
// store's. What is not taken stays.
let pause = FIRST_WAIT_MS, again;
const sendOne = async (answer) => {
  const { outcome, mark } = await post(`${start}/sealed/${answer.round}`, join(fromHex(answer.mark), answer.sealed));
  if (outcome === 'kept' && mark === answer.mark) {
    await put([{ ...answer, state: 'sent' }]);
  } else if (outcome === 'late') await put([{ ...answer, state: 'late' }]);
  else return outcome === 'unreadable';
  return true;
};
const shuffled = (answers) => {
  const lots = new Map(answers.map((each) => [each, toHex(crypto.getRandomValues(new Uint8Array(MARK_SIZE)))]));
  return answers.sort((one, other) => lots.get(one) < lots.get(other) ? -1 : 1);
};
const upload = () => navigator.locks.request('kiosk upload', { ifAvailable: true }, async (lock) => {
  if (!lock) return;
  clearTimeout(again);
  for (const answer of shuffled(inState(await readAll(), 'waiting').filter((each) => each.unit === unit))) {
    if (!await sendOne(answer)) {
      again = setTimeout(upload, pause);
      pause = Math.min(2 * pause, MAX_RETRY_MS);
      return;
    }
  }
  pause = FIRST_WAIT_MS;
}).catch(() => {});
addEventListener('online', upload);

// The server's day, by its own last word: this device's clock may be wrong.
const ownDay = () => Math.floor((Date.now() - new Date().getTimezoneOffset() * 60000) / DAY_MS);
const toDay = (text) => Math.floor(Date.parse(text) / DAY_MS);
const today = async () => ownDay() + (await readNote('offset').catch(() => 0) || 0);

// What the device says of itself by the clock. What the server no longer has, after it was restored, waits again. When
// the server's week is another, what it still has is marked as old, and what was old before is forgotten: so all is
// kept for a week at least, and with no answer lies a time.
const report = async () => {
  const answers = isAble ? await readAll().catch(() => []) : [];
  const taken = [...inState(answers, 'sent'), ...inState(answers, 'old')];
  const own = shuffled(taken.filter((each) => each.unit === unit)).slice(0, MAX_ASKED);
  const sent = {};
  for (const each of own) (sent[each.round] = sent[each.round] || []).push(each.mark);
  const found = { waiting: tens(inState(answers, 'waiting')), late: tens(inState(answers, 'late')), sent };
  found.version = self.kioskVersion;
  found.persisted = isAble ? await isPersisted() : null;
  const { outcome, day, missing, checked, over } = await post(`${start}/alive`, JSON.stringify(found));
  if (outcome !== 'heard') return;
  if (!isAble) return;
  await write('notes', (store) => store.put(toDay(day) - ownDay(), 'offset'));
  const isMissing = ({ mark }) => missing.includes(mark);
  await put(own.filter(isMissing).map((each) => ({ ...each, state: 'waiting' })));
  await remove([...own.filter(({ round }) => over.includes(round)), ...inState(answers, 'late')]);
  await growOld(own.filter((each) => !isMissing(each) && checked.includes(each.round)));
  await upload();
};
const growOld = async (answers) => {
  const week = Math.floor(await today() / WEEK_DAYS), last = await readNote('week');
  if (week === last) return;
  if (last !== undefined) {
    await remove(inState(answers, 'old'));
    await put(inState(answers, 'sent').map((each) => ({ ...each, state: 'old' })));
  }
  await write('notes', (store) => store.put(week, 'week'));
};
const tens = ({ length }) => length < 10 ? Math.sign(length) : length - length % 10;
const isPersisted = async () => {
  const { storage } = navigator;
  return !!(storage && storage.persisted && await storage.persisted());
};

// All that a visitor can be shown is fetched anew when the server's mark of it is another, and the old goes when all of
// the new is there. Until then what is older is found first.
const WHOLE = '/kiosk/whole';
const toPage = (text) => new DOMParser().parseFromString(text, 'text/html');
const isOurs = (page) => answerSheet.pageMark(page) || answerSheet.formIdOf(page);
// From the server and from nowhere else.
const fetchFresh = (address) => fetch(address, { cache: 'reload', redirect: 'manual' });
const putAside = async (edition, tags) => {
  const name = `${start} ${edition}`, kept = await caches.open(name);
  if (!await kept.match(WHOLE)) {
    const ends = ['', '/resting', ...tags.flatMap((tag) => [`/${tag}`, `/${tag}/thanks`])];
    const pages = ends.map((end) => start + end);
    for (const address of [...pages, '/reading-aids.js']) {
      const reply = await fetchFresh(address);
      if (pages.includes(address) ? !isOurs(toPage(await reply.clone().text())) : !reply.ok) return;
      await kept.put(address, reply);
    }
    await kept.put(WHOLE, new Response(''));
  }
  for (const other of await caches.keys()) if (other !== name) await caches.delete(other);
};

let isAble = false;
const able = (async () => {
  const { serviceWorker, locks } = navigator, { indexedDB: store, caches: pages } = self;
  if (!answerSheet || !self.crypto || !crypto.subtle || !serviceWorker || !locks || !store || !pages) return;
  await newPair();
  await database();
  isAble = true;
})().catch(() => {});

// Made ready while the start is shown and the server is there: the worker, the day, the pages, what waits.
const prepare = async () => {
  await able;
  if (!isAble) return;
  const worker = await navigator.serviceWorker.register('/kiosk/worker.js', { scope: '/kiosk' });
  worker.update().catch(() => {});
  const page = toPage(await (await fetchFresh(start)).text());
  const shown = page.querySelector('[data-edition]');
  if (!shown) return;
  const { edition } = shown.dataset;
  await write('notes', (store) => store.put(toDay(shown.dataset.today) - ownDay(), 'offset'));
  const links = [...page.querySelectorAll('[data-language]')];
  const tags = links.map((link) => link.getAttribute('href').split('/').pop());
  await putAside(edition, tags);
  await upload();
};

// Said plainly to who has just paired the device.
const tellWhatIsGranted = async () => {
  const ready = document.getElementById('ready');
  ready.hidden = true;
  await able;
  if (isAble) await navigator.storage.persist().catch(() => {});
  await prepare().catch(() => {});
  const lasting = isAble && await isPersisted();
  const shown = { able: isAble, unable: !isAble, lasting, passing: isAble && !lasting };
  for (const [id, isShown] of Object.entries(shown)) document.getElementById(id).hidden = !isShown;
  document.getElementById('wait').hidden = true;
  ready.hidden = false;
};

const thanksOf = async (address) => {
  const kept = await caches.match(address, { ignoreVary: true });
  const page = kept ? toPage(await kept.text()) : await answerSheet.fetchPage(address);
  return answerSheet.pageMark(page).startsWith('kept') ? page : undefined;
};
const sayNothingAnswered = (words) => {
  const page = document.implementation.createHTMLDocument();
  const mark = page.createElement('data'), what = page.createElement('div'), line = page.createElement('p');
  Object.assign(mark, { id: 'said', value: 'problem empty' });
  what.id = 'what';
  line.textContent = words;
  what.append(line);
  page.body.append(what, mark);
  return page;
};
const sealedOf = async ({ key, round }, sent, mark) => {
  const fields = new URLSearchParams(sent);
  for (const name of ['form_id', 'at', 'code', 'lang', 'pad', 'in_place']) fields.delete(name);
  const content = `${fields}&pad=`;
  if (content.length > CONTENT_SIZE) throw new Error('more than there is room for');
  return seal(utf8(content.padEnd(CONTENT_SIZE, 'x')), fromHex(key), utf8(`kiosk\n${unit}\n${round}\n${mark}`));
};

// The page to be shown when the answers are kept: on the server if it takes them at once, else here. Nothing where this
// device can't: then they are sent as they are.
const keepAnswers = async (form, sent) => {
  const { key, round, empty } = form.dataset;
  if (!isAble || !key) return undefined;
  if (!form.querySelector('.step:not(.about) input:checked')) return sayNothingAnswered(empty);
  const mark = toHex(crypto.getRandomValues(new Uint8Array(MARK_SIZE)));
  let page;
  try {
    page = await thanksOf(`${form.action}/thanks`);
    if (!page) return undefined;
    await put([{ mark, unit, round, sealed: await sealedOf(form.dataset, sent, mark), state: 'waiting' }]);
  } catch {
    return undefined;
  }
  // From here on it is kept: to send it as it is as well would count it twice.
  await Promise.race([upload(), new Promise((resolve) => { setTimeout(resolve, FIRST_WAIT_MS); })]);
  const here = await readAll().catch(() => [{ mark, state: 'waiting' }]);
  const isHere = inState(here, 'waiting').some((each) => each.mark === mark);
  page.querySelector('#said').value = `kept ${sent.get('form_id')}`;
  for (const line of page.querySelectorAll('[data-here]')) line.hidden = (line.dataset.here === '1') !== isHere;
  return page;
};

self.keepAnswers = keepAnswers;
self.kioskQueue = {
  prepare, report,
  // Where the server's day has never been heard, the server decides.
  isOver: async (last) => isAble && await readNote('offset') !== undefined && await today() > toDay(last),
};
if (document.getElementById('able')) tellWhatIsGranted();
})();
