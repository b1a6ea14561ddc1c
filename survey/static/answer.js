// Shows the sheet one question at a time, on the reader's device alone: nothing is sent between the questions.
// Without this script all questions stand on the page and the form works as it is; with it, next and back, a check
// page, the browser's own back button, and a language switch that never sends an answer. Nothing is stored on the
// device: the history holds the number of the step and nothing else.
// Answers leave the screen only for a thank-you with the mark of this very form. Whatever else comes back (a gateway's
// error, a portal's page, a redirect, half a page, nothing) leaves them where they are.
(() => {
const PADDED_LENGTH = 1024, TIMEOUT_MS = 18000;
const ANSWERED = 'input:checked, option:checked:not([value=""])';
const doc = document, speech = self.speechSynthesis;
const query = (selector) => doc.querySelector(selector);
const queryAll = (selector, from = doc) => [...from.querySelectorAll(selector)];
let form, steps, last, reviewing, name, busy;
let current = 0, reached = 0, depth = 0;

// The code is in the part of the address that is never sent; it goes into its field and out of the address.
const readCodeFromHash = () => {
  const field = query('#code');
  const code = location.hash.replace(/^#(%23|#)?/i, '').replace(/%20/g, ' ');
  if (!field || !code || doc.getElementById(code)) return;
  field.value = code;
  if (query('#needed')) query('#needed').remove();
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
  const kept = query('.plain');
  if (kept) kept.remove();
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
  const menu = query('#languages');
  if (menu.open) menu.close();
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
  const problem = query('#problem');
  if (problem) problem.remove();
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

// While something is on its way nobody walks away from it, and it is said.
const setBusy = (words) => {
  busy = !!words;
  form.inert = busy;
  query('#wait').textContent = words;
};

// The same page in another language, with what has been answered put back. The form id stays: it names these answers.
const changeLanguage = async (tag) => {
  const shown = form, kept = [...new FormData(form)];
  const menu = query('#languages');
  if (menu.open) menu.close();
  setBusy(form.dataset.wait);
  const page = await fetchPage(form.action.replace(/[^/]*$/, tag));
  if (form !== shown) return;
  setBusy('');
  if (!formIdOf(page)) {
    showProblem([form.dataset.away]);
    return;
  }
  replacePage(page, kept);
  history.replaceState([current, depth], '', form.action);
};

// Another page in this one's place, with the answers as they were here.
const replacePage = (page, kept = [], step = current) => {
  for (const idle of queryAll('script, noscript', page)) idle.remove();
  for (const key of ['lang', 'dir']) doc.documentElement[key] = page.documentElement[key];
  doc.title = page.title;
  doc.body.replaceWith(page.body);
  form = query('#sheet');
  for (const [field, value] of kept) if (form.elements[field] && field !== 'pad') form.elements[field].value = value;
  startSheet(step, true);
};

// The way back through the steps is gone over at once, so that one Back leaves.
const rewindHistory = (address) => {
  const rename = () => history.replaceState([0, 0], '', address);
  const back = depth;
  depth = reached = current = 0;
  reviewing = false;
  if (!back) rename();
  else {
    addEventListener('popstate', rename, { once: true });
    history.go(-back);
  }
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
  Object.assign(problem, { id: 'problem', className: 'alert', textContent: '' });
  problem.setAttribute('role', 'alert');
  for (const line of lines) problem.append(createElement('p', line));
  if (again) {
    const button = problem.appendChild(createElement('button', form.dataset.again));
    Object.assign(button, { type: 'button', className: 'button-primary again' });
  }
  focusOn(problem);
};

const showNetworkError = () => showProblem([form.dataset.lost], true);

// Sent again it is counted once, by the form id or the code; so whatever is not known may be tried again.
const submitAnswers = async () => {
  const shown = form, action = form.action;
  setBusy(form.dataset.sending);
  const sent = new FormData(form), mark = sent.get('form_id');
  const kept = self.keepAnswers && await self.keepAnswers(shown, sent);
  const page = kept || await fetchPage(action, { method: 'POST', body: new URLSearchParams(sent) });
  if (form !== shown) return;
  setBusy('');
  if (mark && pageMark(page) === `kept ${mark}`) {
    replacePage(page);
    rewindHistory(`${action}/thanks`);
  } else if (formIdOf(page) && page.querySelector('#problem')) {
    const answers = [...sent].filter(([field]) => field !== 'form_id' && field !== 'at');
    replacePage(page, answers, Number(formIdOf(page).form.dataset.at));
  } else if (page.querySelector('#what') && pageMark(page)) showProblem(queryAll('#what > *', page));
  else showNetworkError();
};

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
  if (!pressed || !form) return;
  const menu = query('#languages');
  const faulty = pressed.matches('#problem a') && query(pressed.hash);
  if (busy) event.preventDefault();
  else if (pressed.matches('.next')) goTo(reviewing ? last : current + 1);
  else if (pressed.matches('.back')) goBack();
  else if (pressed.matches('.aloud, .pictures')) {
    // Fetched by who presses for it, so that nobody else waits for it.
    import('/reading-aids.js').then(() => self.pressAid(pressed), () => showProblem([form.dataset.away]));
  } else if (pressed.matches('.again')) submitAnswers();
  else if (pressed.matches('.clear')) {
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

// What a kiosk's own script does with the page.
self.answerSheet = {
  fetchPage, pageMark, formIdOf, replacePage, rewindHistory,
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
