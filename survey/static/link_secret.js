// Takes the secret of a link from after its # and sends it on; it stays neither in the address nor in the history.
(() => {
const form = document.querySelector('[data-link-secret]');
const secret = location.hash.slice(1);
if (!secret) return;
history.replaceState(null, '', location.pathname);
form.elements.secret.value = secret;
form.submit();
})();
