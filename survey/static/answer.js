// Shows the sheet one question at a time, on the reader's device alone: nothing is sent between the questions.
// Without this script all questions stand on the page and the form works as it is; with it, next and back, a check
// page, the browser's own back button, and a language switch that never sends an answer. Nothing is stored on the
// device: the history holds the number of the step and nothing else.
// Answers leave the screen only for a thank-you with the mark of this very form. Whatever else comes back (a gateway's
// error, a portal's page, a redirect, half a page, nothing) leaves them where they are, and the same is sent again.
// From here to the sending nothing is needed of the line but for another language, a film and the reading aids.
(() => {
const PADDED_LENGTH = 1024, TIMEOUT_MS = 18000, MIN_PAUSE_MS = 2000, MAX_PAUSE_MS = 60000;
// A reply of ours that says no, and will the next time too.
const REFUSED = /^problem\s(?!data|fault|status_(408|5))/;
const ANSWERED = 'input:checked, option:checked:not([value=""])';
const doc = document, speech = self.speechSynthesis;
const query = (selector) => doc.querySelector(selector);
const queryAll = (selector, from = doc) => [...from.querySelectorAll(selector)];
let form, steps, last, reviewing, name, busy, pause, told, given;
let current = 0, reached = 0, depth = 0;
let wakeUp = () => {};

const remove = (selector, from) => {
  for (const element of queryAll(selector, from)) element.remove();
};

// The code is in the part of the address that is never sent; it goes into its field and out of the address.
const readCodeFromHash = () => {
  const field = query('#code');
  const code = location.hash.replace(/^#(%23|#)?/i, '').replace(/%20/g, ' ');
  if (!field || !code || doc.getElementById(code)) return;
  field.value = code;
  remove('#needed');
  history.replaceState(history.state, '', location.pathname);
};
addEventListener('hashchange', readCodeFromHash);
readCodeFromHash();
// A browser that lacks what follows shows all questions on one page, and sends the form by itself.
if (!self.AbortController || !self.SubmitEvent || !self.HTMLDialogElement) return;

// One length for every pattern of answers, also for who only sees how much was sent.
doc.addEventListener('formdata', ({ formData }) => {
  if (busy) formData.set('in_place', 1);
  const size = new URLSearchParams(formData).toString().length + 5;
  formData.set('pad', 'x'.repeat(PADDED_LENGTH - (size % PADDED_LENGTH)));
});

const startSheet = (step, focus) => {
  form = query('#sheet');
  name = doc.title;
  if (!form) {
    focusOn(query('h1'));
    return;
  }
  steps = queryAll('.step', form);
  last = steps.length - 1;
  form.classList.add('is-stepwise');
  remove('.plain');
  reached = Math.max(reached, step);
  const problem = query('#problem');
  show(step, focus && !problem);
  if (problem) focusOn(problem);
};

const focusOn = (element) => {
  element.tabIndex = -1;
  scrollTo(0, 0);
  element.focus({ preventScroll: true });
};

const show = (step, focus = true) => {
  const bar = query('.steps');
  const isQuestion = step > 0 && step <= bar.children.length;
  current = step;
  steps.forEach((section, n) => section.classList.toggle('is-current', n === step));
  form.elements.at.value = step;
  bar.hidden = !isQuestion;
  [...bar.children].forEach((mark, n) => { mark.className = n + 1 < step ? 'done' : n + 1 === step ? 'now' : ''; });
  query('.back').hidden = step === 0;
  const next = query('.next');
  next.hidden = step === last;
  next.textContent = steps[step].dataset.next || (reviewing ? form.dataset.done : next.dataset.label);
  query('.send').hidden = step !== last;
  if (step === last) showReview();
  updateClear();
  updateAloud();
  query('.pictures').hidden = !isQuestion;
  query('#languages').close();
  const head = query('.is-current [tabindex="-1"]');
  const title = isQuestion ? query('.is-current .count') : head;
  doc.title = step ? `${title.textContent} – ${name}` : name;
  if (focus) focusOn(head);
};

// Only a voice of the device itself is offered: another would tell its company what is read, and that somebody answers.
const updateAloud = () => {
  const [spoken] = doc.documentElement.lang.split('-');
  const isOurs = ({ localService, lang }) => localService && lang.split(/[-_]/)[0] === spoken;
  if (form) query('.aloud').hidden = current === last || !(speech && speech.getVoices().some(isOurs));
};
if (speech) speech.onvoiceschanged = updateAloud;

const updateClear = () => {
  query('.clear').hidden = current === last || !query('.is-current').querySelector(ANSWERED);
};

const goTo = (step) => {
  remove('#problem');
  reached = Math.max(reached, step);
  depth += 1;
  show(step);
  history.pushState([step, depth], '');
};

// What was chosen, read from the page itself in its order, with a way back to each.
const showReview = () => {
  reviewing = true;
  const list = query('.answers');
  list.textContent = '';
  list.hidden = false;
  steps.slice(1, last).forEach((section, n) => {
    const fields = queryAll('.field', section).filter((part) => part.querySelector(ANSWERED));
    for (const part of fields[0] ? fields : [section]) {
      const chosen = part.querySelector('input:checked + span, option:checked:not([value=""])');
      const row = list.appendChild(createElement('div'));
      const title = row.appendChild(createElement('dt', part.querySelector(fields[0] ? 'legend, label' : 'h2')));
      const answer = row.appendChild(createElement('dd'));
      answer.append(createElement('span', chosen || form.dataset.none));
      answer.className = chosen ? '' : 'none';
      const change = answer.appendChild(createElement('button', form.dataset.change));
      change.type = 'button';
      change.className = 'button-link';
      change.dataset.step = n + 1;
      change.setAttribute('aria-label', `${form.dataset.change}: ${title.textContent}`);
    }
  });
};

// An element with these words, or with what stands in another element, in whichever language it is marked to be.
const createElement = (tag, words = '') => {
  const element = doc.createElement(tag);
  element.append(...(words.childNodes ? words.cloneNode(true).childNodes : [words]));
  return element;
};

// What answers in our place has no mark: a page of ours ends with one, so half a page has none either.
const pageMark = (page) => {
  const mark = page.querySelector('#said');
  return mark ? mark.value : '';
};
const formIdOf = (page) => page.querySelector('#sheet [name=form_id]');

const fetchPage = async (address, more) => {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIMEOUT_MS);
  try {
    const reply = await fetch(address, { redirect: 'manual', cache: 'no-store', signal: limit.signal, ...more });
    return new DOMParser().parseFromString(await reply.text(), 'text/html');
  } catch {
    return doc.implementation.createHTMLDocument();
  } finally {
    clearTimeout(timer);
  }
};

// While something is on its way, or waits for the line, nobody walks away from it, nothing of it can be changed, and
// all of it can be read.
const setBusy = (isBusy, words = '') => {
  busy = isBusy;
  for (const field of form.elements) field.disabled = isBusy;
  query('#wait').textContent = words;
};

// The same page in another language, with what has been answered put back. The form id stays: it names these answers.
const changeLanguage = async (tag) => {
  const shown = form;
  const kept = [...new FormData(form)];
  query('#languages').close();
  setBusy(true, form.dataset.wait);
  const page = await fetchPage(form.action.replace(/[^/]*$/, tag));
  if (form !== shown) return;
  setBusy(false);
  if (!formIdOf(page)) {
    showProblem([form.dataset.away]);
    return;
  }
  replacePage(page, kept);
  history.replaceState([current, depth], '', form.action);
};

// Another page in this one's place, with the answers as they were here.
const replacePage = (page, kept = [], step = current) => {
  remove('script, noscript', page);
  for (const key of ['lang', 'dir']) doc.documentElement[key] = page.documentElement[key];
  doc.title = page.title;
  doc.body.replaceWith(page.body);
  form = query('#sheet');
  for (const [field, value] of kept) if (form.elements[field] && field !== 'pad') form.elements[field].value = value;
  startSheet(step, true);
};

// The way back through the steps is gone over at once, so that one Back leaves.
const rewindHistory = (address, arrive = () => history.replaceState([0, 0], '', address)) => {
  const back = depth;
  depth = reached = current = 0;
  reviewing = false;
  if (!back) arrive();
  else {
    addEventListener('popstate', arrive, { once: true });
    history.go(-back);
  }
};

// Somebody looks over a shoulder: off the screen at once, whatever the line, and nothing of it behind Back.
const leave = (address) => {
  const go = () => location.replace(address);
  if (form) form.reset();
  form = null;
  doc.body.textContent = '';
  setTimeout(go, MIN_PAUSE_MS);
  rewindHistory('', go);
};

// A page that came back from the server has no earlier steps in the history.
const goBack = () => {
  if (depth > 0) history.back();
  else {
    show(current - 1);
    history.replaceState([current, depth], '');
  }
};

const showProblem = (lines, again) => {
  const problem = query('#problem') || form.parentNode.insertBefore(createElement('div'), form);
  Object.assign(problem, { id: 'problem', className: 'alert', role: 'alert', textContent: '' });
  for (const line of lines) problem.append(createElement('p', line));
  if (again) {
    const button = problem.appendChild(createElement('button', form.dataset.again));
    button.className = 'button-primary again';
  }
  focusOn(problem);
};

// Sent again it is counted once, by the form id or the code. So while nobody knows whether it came through, and while
// we say that it could not be kept, the very same is sent again: ever more seldom, and at once when the line is back or
// the page is looked at; a page that is put away tries once more before it sleeps. At a kiosk nobody stays to wait.
const submitAnswers = async () => {
  const shown = form;
  const action = form.action;
  const { sending, later, lost, earlier } = form.dataset;
  busy = true;
  const sent = new FormData(form);
  const mark = sent.get('form_id');
  let mayBeKept = false;
  pause = MIN_PAUSE_MS;
  told = null;
  for (;;) {
    setBusy(true, sending);
    const onDevice = self.keepAnswers && await self.keepAnswers(shown, sent);
    const page = onDevice || await fetchPage(action, { method: 'POST', body: new URLSearchParams(sent) });
    if (form !== shown) return;
    const said = pageMark(page);
    const isThanked = mark && said === `kept ${mark}`;
    const isGivenBack = formIdOf(page) && page.querySelector('#problem');
    const isRefused = REFUSED.test(said);
    const isOver = isThanked || isGivenBack || isRefused || !later;
    setBusy(!isOver);
    if (isThanked) {
      replacePage(page);
      rewindHistory(`${action}/thanks`);
      given = later && sent;
    } else if (isGivenBack) {
      const kept = [...sent].filter(([field]) => field !== 'form_id' && field !== 'at');
      replacePage(page, kept, Number(formIdOf(page).form.dataset.at));
    } else {
      mayBeKept = mayBeKept || !isRefused && said !== 'problem database_kept';
      const lines = mayBeKept && !isRefused ? [lost] : queryAll('#what > *', page);
      lines.push(isRefused ? mayBeKept && earlier : later);
      // Told once, so that nobody who reads or listens is called back to it each time.
      if (isOver || told !== mayBeKept) showProblem(lines.filter(Boolean), !isRefused);
      told = mayBeKept;
    }
    if (isOver) return;
    await new Promise((resolve) => {
      wakeUp = resolve;
      setTimeout(resolve, pause);
    });
    if (form !== shown) return;
    pause = Math.min(2 * pause, MAX_PAUSE_MS) || MIN_PAUSE_MS;
  }
};

const tryNow = () => {
  pause = 0;
  wakeUp();
};
for (const event of ['online', 'visibilitychange']) addEventListener(event, tryNow);

doc.addEventListener('submit', (event) => {
  if (event.target !== form) return;
  event.preventDefault();
  const pressed = event.submitter;
  if (busy) return;
  if (pressed && pressed.name === 'lang') changeLanguage(pressed.value);
  else if (current < last) goTo(reviewing ? last : current + 1);
  else submitAnswers();
});

doc.addEventListener('click', (event) => {
  const pressed = event.target.closest('a, button');
  if (!pressed || !form && !pressed.matches('.leave, [data-aid]')) return;
  const menu = query('#languages');
  const faulty = pressed.matches('#problem a') && query(pressed.hash);
  if (pressed.matches('.leave')) leave(pressed.href);
  else if (pressed.matches('.again')) {
    told = null;
    if (busy) tryNow();
    else submitAnswers();
  } else if (busy) event.preventDefault();
  else if (pressed.matches('.next')) goTo(reviewing ? last : current + 1);
  else if (pressed.matches('.back')) goBack();
  else if (pressed.dataset.aid) {
    // Fetched by who presses for it, so that nobody else waits for it.
    import(pressed.dataset.aid).then(() => self.pressAid(pressed), () => showProblem([(form || pressed).dataset.away]));
  } else if (pressed.matches('.clear')) {
    for (const field of queryAll('.is-current input, .is-current select')) {
      field[field.type === 'radio' ? 'checked' : 'value'] = '';
    }
    updateClear();
    focusOn(query('.is-current [tabindex="-1"]'));
  } else if (pressed.dataset.step) goTo(Number(pressed.dataset.step));
  else if (faulty) (faulty.querySelector('[tabindex]') || faulty).focus();
  else if (pressed.matches('[href="#languages"]')) menu.showModal();
  else if (pressed.matches('[data-close]')) menu.close();
  else return;
  event.preventDefault();
});

doc.addEventListener('change', () => { if (form) updateClear(); });

addEventListener('popstate', ({ state }) => {
  if (!form || !state) return;
  if (!busy) {
    depth = state[1];
    show(state[0] <= reached ? state[0] : 0);
  } else if (state[1] !== depth) history.go(depth - state[1]);
});
// A kiosk forgets by itself, and a question in its way would keep the answers on the screen.
addEventListener('beforeunload', (event) => {
  if (!form || !form.querySelector(ANSWERED) || query('#still')) return;
  event.preventDefault();
  event.returnValue = true;
});

// What was sent, for a paper to take along: until this page is left, and never on a kiosk.
addEventListener('pagehide', () => { given = null; });

// What a kiosk's own script does with the page, and the script of that paper.
self.answerSheet = {
  fetchPage, pageMark, formIdOf, replacePage, rewindHistory,
  sent: () => given,
  hasAnswers: () => form && form.querySelector(ANSWERED),
  wipe: () => { form = busy = null; },
};
if (!query('#sheet')) return;
const first = Number(query('#sheet').dataset.at);
startSheet(first, first > 0);
if (history.state && history.state[1]) {
  depth = history.state[1];
  rewindHistory(location.pathname);
} else history.replaceState([current, depth], '');
})();
