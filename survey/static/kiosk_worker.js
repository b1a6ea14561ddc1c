// Shows a paired device its pages when the network does not: what the kiosk's own script has put aside, whole and ours.
// Under /kiosk alone, and for fetching alone; what is sent passes by. Nothing of an answer ever lies here. What is not
// there, and the first page of the pairing, lead to the start of a device that has one: it knows no other address.
(() => {
const LIMIT_MS = 4000;
// A page of ours ends with one of these; a gateway's error or a portal's page has neither.
const OURS = /id="said"|name="form_id"/;
const isPage = (reply) => (reply.headers.get('content-type') || '').startsWith('text/html');
const isOurs = async (reply) => !isPage(reply) || OURS.test(await reply.clone().text());

const fromNetwork = async (request) => {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIMIT_MS);
  try {
    const reply = await fetch(request, { signal: limit.signal });
    return reply.type === 'opaqueredirect' || (reply.status < 500 && await isOurs(reply)) ? reply : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
};

// The start of the device, as its own script names what it puts aside.
const heldStart = async () => {
  const [name] = (await caches.keys()).filter((each) => each.startsWith('/kiosk/'));
  return name && location.origin + name.split(' ')[0];
};

const answer = async (request) => {
  // Asked for to be put aside: what has been put aside would be no news.
  if (request.cache === 'reload') return fetch(request);
  const start = request.mode === 'navigate' && await heldStart();
  if (start && request.url === `${location.origin}/kiosk`) return Response.redirect(start);
  const reply = await fromNetwork(request) || await caches.match(request.url, { ignoreVary: true });
  return reply || (start && start !== request.url ? Response.redirect(start) : Response.error());
};

addEventListener('install', () => self.skipWaiting());
addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const isKept = origin === location.origin && /^\/(kiosk(\/|$)|reading-aids\.js$)/.test(pathname);
  if (request.method === 'GET' && isKept) event.respondWith(answer(request));
});
})();
