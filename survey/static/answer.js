// Shows the sheet one question at a time, on the reader's device alone: nothing is sent between the questions.
// Without this script all questions stand on the page and the form works as it is; with it, next and back, a check
// page, the browser's own back button, and a language switch that never sends an answer. Nothing is stored on the
// device: the history holds the number of the step and nothing else.
(() => {
const LENGTH = 1024;
const doc = document;
const one = (selector) => doc.querySelector(selector);
const all = (selector, from = doc) => [...from.querySelectorAll(selector)];
let form, steps, last, checking, name, busy, done;
let at = 0, reached = 0, depth = 0;

// One length for every pattern of answers, also for who only sees how much was sent.
doc.addEventListener('formdata', ({ formData }) => {
  const size = new URLSearchParams(formData).toString().length + 5;
  formData.set('pad', 'x'.repeat(LENGTH - (size % LENGTH)));
});

const begin = (step, focus) => {
  form = one('#sheet');
  name = doc.title;
  if (!form) {
    focusOn(one('h1'));
    return;
  }
  steps = all('.step', form);
  last = steps.length - 1;
  form.classList.add('shown');
  const kept = one('.plain');
  if (kept) kept.remove();
  reached = Math.max(reached, step);
  const problem = one('#problem');
  show(step, focus && !problem);
  if (problem) focusOn(problem);
};

const focusOn = (element) => {
  element.tabIndex = -1;
  scrollTo(0, 0);
  element.focus({ preventScroll: true });
};

const show = (step, focus = true) => {
  const asked = step > 0 && step < 8;
  at = step;
  steps.forEach((section, n) => section.classList.toggle('on', n === step));
  form.elements.at.value = step;
  const bar = one('.steps');
  bar.hidden = !asked;
  [...bar.children].forEach((mark, n) => { mark.className = n + 1 < step ? 'done' : n + 1 === step ? 'now' : ''; });
  one('.back').hidden = step === 0;
  const next = one('.next');
  next.hidden = step === last;
  next.textContent = steps[step].dataset.next || (checking ? form.dataset.done : next.dataset.label);
  one('.send').hidden = step !== last;
  if (step === last) review();
  offerToClear();
  const menu = one('#languages');
  if (menu.open) menu.close();
  const head = one('.on [tabindex="-1"]');
  doc.title = asked ? `${one('.on .count').textContent} – ${name}` : step ? `${head.textContent} – ${name}` : name;
  if (focus) focusOn(head);
};

const offerToClear = () => {
  one('.clear').hidden = at === last || !one('.on input:checked');
};

const go = (step) => {
  const problem = one('#problem');
  if (problem) problem.remove();
  reached = Math.max(reached, step);
  depth += 1;
  show(step);
  history.pushState([step, depth], '');
};

// What was chosen, read from the page itself, with a way back to each.
const review = () => {
  checking = true;
  const list = one('.answers');
  list.textContent = '';
  list.hidden = false;
  steps.slice(1, last).forEach((section, n) => {
    const chosen = all('input:checked + span', section).map((label) => label.textContent);
    all('select', section).forEach((field) => { if (field.value) chosen.push(field.selectedOptions[0].textContent); });
    const row = list.appendChild(doc.createElement('div'));
    row.append(made('dt', one(`#${section.id} h2`).textContent), made('dd', chosen.join(', ') || form.dataset.none));
    row.lastChild.className = chosen.length ? '' : 'none';
    const change = row.lastChild.appendChild(made('button', form.dataset.change));
    change.type = 'button';
    change.className = 'link';
    change.dataset.step = n + 1;
    change.setAttribute('aria-label', `${form.dataset.change}: ${row.firstChild.textContent}`);
  });
};

const made = (tag, text) => {
  const element = doc.createElement(tag);
  element.textContent = text;
  return element;
};

// The code is in the part of the address that is never sent; it goes into its field and out of the address.
const take = () => {
  const field = one('#code');
  const code = location.hash.replace(/^#(%23|#)?/i, '').replace(/%20/g, ' ');
  if (!field || !code || doc.getElementById(code)) return;
  field.value = code;
  history.replaceState(history.state, '', location.pathname);
};

// The same page in another language, with what has been answered put back. The form id stays: it names these answers.
const speak = async (tag) => {
  const kept = [...new FormData(form)];
  const reply = await fetch(form.getAttribute('action').replace(/[^/]*$/, tag));
  if (!reply.ok) throw reply;
  swap(await reply.text(), () => {
    for (const [field, value] of kept) if (form.elements[field] && field !== 'pad') form.elements[field].value = value;
  });
  history.replaceState([at, depth], '', form.getAttribute('action'));
};

const swap = (text, restore) => {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const step = at;
  doc.documentElement.lang = page.documentElement.lang;
  doc.documentElement.dir = page.documentElement.dir;
  doc.title = page.title;
  doc.body.replaceWith(page.body);
  form = one('#sheet');
  if (restore) restore();
  begin(restore || !form ? step : Number(form.dataset.at), true);
};

// A page that came back from the server has no earlier steps in the history.
const back = () => {
  if (depth > 0) history.back();
  else {
    show(at - 1);
    history.replaceState([at, depth], '');
  }
};

// No reply: the answers may have arrived or not, and sending them again counts them once.
const lost = () => {
  const problem = one('#problem') || form.parentNode.insertBefore(made('div', ''), form);
  Object.assign(problem, { id: 'problem', className: 'alert', textContent: form.dataset.lost });
  problem.setAttribute('role', 'alert');
  one('#languages').close();
  focusOn(problem);
};

const send = async () => {
  if (busy) return;
  busy = true;
  try {
    const reply = await fetch(form.getAttribute('action'), { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' });
    if (reply.type === 'opaqueredirect') {
      const thanks = `${form.getAttribute('action')}/thanks`;
      done = true;
      form.remove();
      location.replace(thanks);
    } else {
      swap(await reply.text());
    }
  } catch {
    lost();
  }
  busy = false;
};

doc.addEventListener('submit', (event) => {
  if (event.target !== form) {
    done = true;
    return;
  }
  event.preventDefault();
  const pressed = event.submitter;
  if (pressed && pressed.name === 'lang') speak(pressed.value).catch(lost);
  else if (at < last) go(checking ? last : at + 1);
  else send();
});

doc.addEventListener('click', (event) => {
  const pressed = event.target.closest('a, button');
  if (!pressed) return;
  const menu = one('#languages');
  if (pressed.matches('.next')) go(checking ? last : at + 1);
  else if (pressed.matches('.back')) back();
  else if (pressed.matches('.clear')) {
    all('.on input').forEach((input) => { input.checked = false; });
    offerToClear();
    focusOn(one('.on [tabindex="-1"]'));
  }
  else if (pressed.dataset.step) go(Number(pressed.dataset.step));
  else if (pressed.matches('[href="#languages"]')) menu.showModal();
  else if (pressed.matches('[data-close]')) menu.close();
  else return;
  event.preventDefault();
});

doc.addEventListener('change', () => { if (form) offerToClear(); });

addEventListener('popstate', ({ state }) => {
  if (!form || !state) return;
  depth = state[1];
  show(state[0] <= reached ? state[0] : 0);
});
addEventListener('hashchange', take);
// A page that the browser had put aside with answers in it is not shown to the next person.
addEventListener('pageshow', ({ persisted }) => { if (persisted && done) location.reload(); });

const first = Number(one('#sheet').dataset.at);
begin(first, first > 0);
history.replaceState([at, depth], '');
take();
})();
