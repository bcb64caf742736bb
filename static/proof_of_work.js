// Finds a number whose SHA-256 with the challenge and the typed address begins with enough zero bits, before the form
// is sent. It costs a person a moment, and whoever signs up thousands a computer. Without script nothing is asked.
(() => {
  "use strict";
  const form = document.querySelector("form[data-challenge]");
  const proof = form && form.elements.proof;
  const address = form && form.elements.email;
  if (!proof || !address) return;
  const { challenge } = form.dataset;
  const bits = Number(form.dataset.bits);

  // FIPS 180-4. The roots of the first primes give the constants.
  const root = (prime, power) => Math.floor((prime ** power % 1) * 2 ** 32) | 0;
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const K = primes.map((prime) => root(prime, 1 / 3));
  const START = primes.slice(0, 8).map((prime) => root(prime, 1 / 2));
  const words = new Int32Array(64);
  const turn = (word, by) => (word >>> by) | (word << (32 - by));

  function block(state, bytes, at) {
    for (let i = 0; i < 16; i++, at += 4) words[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    for (let i = 16; i < 64; i++) {
      const a = words[i - 15], b = words[i - 2];
      words[i] = (words[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + words[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    return [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) | 0);
  }

  // The state after all whole blocks of `bytes`, which is the same for every number that is tried.
  function begin(bytes) {
    let state = START, at = 0;
    for (; at + 64 <= bytes.length; at += 64) state = block(state, bytes, at);
    return { state, rest: bytes.slice(at), length: bytes.length };
  }

  function zeros({ state, rest, length }, number) {
    const digits = String(number);
    const used = rest.length + digits.length;
    const tail = new Uint8Array(used + 9 > 64 ? 128 : 64);
    tail.set(rest);
    for (let i = 0; i < digits.length; i++) tail[rest.length + i] = digits.charCodeAt(i);
    tail[used] = 128;
    new DataView(tail.buffer).setUint32(tail.length - 4, (length + digits.length) * 8);
    for (let at = 0; at < tail.length; at += 64) state = block(state, tail, at);
    return Math.clz32(state[0]);
  }

  let typed, found;
  function work() {
    const email = address.value.trim().toLowerCase();
    if (email === typed) return found;
    typed = email;
    proof.value = "";
    const begun = begin(new TextEncoder().encode(`${challenge}.${email}.`));
    found = (async () => {
      for (let number = 0; ; number++) {
        if (zeros(begun, number) >= bits) {
          if (typed === email) proof.value = `${challenge}.${number}`;
          return;
        }
        // The page answers meanwhile, and stops for another address.
        if (number % 2000 === 1999) {
          await new Promise((resolve) => setTimeout(resolve));
          if (typed !== email) return;
        }
      }
    })();
    return found;
  }

  address.addEventListener("change", work);
  if (address.value) work();
  form.addEventListener("submit", async (event) => {
    if (proof.value && address.value.trim().toLowerCase() === typed) return;
    event.preventDefault();
    form.setAttribute("aria-busy", "true");
    // Another address may be typed meanwhile.
    do await work(); while (!proof.value);
    form.removeAttribute("aria-busy");
    form.requestSubmit();
  });
})();
