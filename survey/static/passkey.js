// Asks the device for a passkey and puts its reply into the form, which is sent as any other.
(() => {
const REPLIED = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];

const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const withDecodedIds = (list) => (list || []).map((each) => ({ ...each, id: decode(each.id) }));

const requestCredential = (options, create) => {
  const publicKey = { ...options, challenge: decode(options.challenge) };
  if (!create) {
    publicKey.allowCredentials = withDecodedIds(options.allowCredentials);
    return navigator.credentials.get({ publicKey });
  }
  publicKey.user = { ...options.user, id: decode(options.user.id) };
  publicKey.excludeCredentials = withDecodedIds(options.excludeCredentials);
  return navigator.credentials.create({ publicKey });
};

const asText = (credential) => {
  const response = {};
  for (const part of REPLIED) if (credential.response[part]) response[part] = encode(credential.response[part]);
  return JSON.stringify({ id: credential.id, rawId: encode(credential.rawId), type: credential.type, response });
};

for (const form of document.querySelectorAll('form[data-passkey]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const problem = form.querySelector('[role=alert]');
    problem.hidden = true;
    try {
      const credential = await requestCredential(JSON.parse(form.dataset.options), form.dataset.passkey === 'make');
      form.elements.credential.value = asText(credential);
      form.submit();
    } catch {
      problem.hidden = false;
    }
  });
  form.querySelector('button').disabled = !window.PublicKeyCredential;
}
})();
