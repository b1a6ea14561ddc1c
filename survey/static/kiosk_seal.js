// Seals on the device what only the server can open: HPKE (RFC 9180, base mode, X25519, HKDF-SHA256, AES-256-GCM), the
// same as survey/sealing/intake/envelope.py opens. Web Crypto does the work; here its parts are put together as the
// RFC's sections 4 and 5 say, each name its own.
(() => {
const HASH_SIZE = 32, KEY_SIZE = 32, NONCE_SIZE = 12;
const utf8 = (text) => new TextEncoder().encode(text);
const join = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
const KEM = join(utf8('KEM'), [0, 0x20]), HPKE = join(utf8('HPKE'), [0, 0x20, 0, 1, 0, 2]);
const NOTHING = new Uint8Array(0);
const hmac = async (key, content) => {
  const hash = { name: 'HMAC', hash: 'SHA-256' };
  // HMAC fills a short key up with zeros; Web Crypto takes no empty one.
  const raw = key.length ? key : new Uint8Array(HASH_SIZE);
  const imported = await crypto.subtle.importKey('raw', raw, hash, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, content));
};
const labeledExtract = (suite, salt, label, content) => hmac(salt, join(utf8('HPKE-v1'), suite, utf8(label), content));
// At most one block of HKDF-Expand is ever asked for.
const labeledExpand = async (suite, key, label, info, size) => {
  const block = join([0, size], utf8('HPKE-v1'), suite, utf8(label), info, [1]);
  return (await hmac(key, block)).slice(0, size);
};
const newPair = () => crypto.subtle.generateKey('X25519', true, ['deriveBits']);
const seal = async (content, key, info, { publicKey, privateKey } = {}, additionalData = NOTHING) => {
  if (!privateKey) ({ publicKey, privateKey } = await newPair());
  const enc = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  const to = await crypto.subtle.importKey('raw', key, 'X25519', false, []);
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: to }, privateKey, 256));
  const eaePrk = await labeledExtract(KEM, NOTHING, 'eae_prk', dh);
  const shared = await labeledExpand(KEM, eaePrk, 'shared_secret', join(enc, key), HASH_SIZE);
  const pskIdHash = await labeledExtract(HPKE, NOTHING, 'psk_id_hash', NOTHING);
  const infoHash = await labeledExtract(HPKE, NOTHING, 'info_hash', info);
  const context = join([0], pskIdHash, infoHash);
  const secret = await labeledExtract(HPKE, shared, 'secret', NOTHING);
  const raw = await labeledExpand(HPKE, secret, 'key', context, KEY_SIZE);
  const iv = await labeledExpand(HPKE, secret, 'base_nonce', context, NONCE_SIZE);
  const aes = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
  return join(enc, new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, aes, content)));
};

self.kioskSeal = { seal, newPair, join, utf8 };
})();
