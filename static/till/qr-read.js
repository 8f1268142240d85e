// From the modules of a QR code to its text: versions 1 to 10, every level of correction (ISO/IEC 18004).

const CODEWORDS = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346];
const CHECKS = {
  L: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18],
  M: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26],
  Q: [13, 22, 18, 26, 18, 24, 18, 22, 20, 24],
  H: [17, 28, 22, 16, 22, 28, 26, 26, 24, 28],
};
const BLOCKS = {
  L: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4],
  M: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5],
  Q: [1, 1, 2, 2, 4, 4, 6, 6, 8, 8],
  H: [1, 1, 2, 4, 4, 4, 5, 6, 8, 8],
};
const LEVELS = ["M", "L", "H", "Q"];
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
export const MOST_VERSION = CODEWORDS.length;

// `rows`: true where a module is dark. Raises nothing: null when it cannot be read.
export function textOf(rows) {
  const side = rows.length;
  const version = (side - 17) / 4;
  const format = formatOf(rows, side);
  if (!format) return null;
  const blocks = blocksOf(codewordsOf(rows, side, version, MASKS[format.mask]), version, format.level);
  const data = [];
  for (const block of blocks) {
    const mended = mend(block.bytes, block.checks);
    if (!mended) return null;
    data.push(...mended);
  }
  return said(data, version);
}

// Fifteen bits, written twice; the nearest of the thirty-two that exist, if at most three bits are wrong.
function formatOf(rows, side) {
  const around = [[8, 0], [8, 1], [8, 2], [8, 3], [8, 4], [8, 5], [8, 7], [8, 8], [7, 8], [5, 8], [4, 8], [3, 8], [2, 8], [1, 8], [0, 8]];
  const apart = [...Array.from({ length: 8 }, (_, place) => [side - 1 - place, 8]), ...Array.from({ length: 7 }, (_, place) => [8, side - 7 + place])];
  let best = { wrong: 4 };
  for (const places of [around, apart]) {
    const bits = places.reduce((sum, [x, y], place) => sum | (Number(rows[y][x]) << place), 0) ^ 0x5412;
    for (let kind = 0; kind < 32; kind += 1) {
      const wrong = ones(bits ^ withChecks(kind));
      if (wrong < best.wrong) best = { wrong, level: LEVELS[kind >> 3], mask: kind & 7 };
    }
  }
  return best.level ? best : null;
}

function withChecks(kind) {
  let rest = kind << 10;
  for (let bit = 14; bit >= 10; bit -= 1) if (rest & (1 << bit)) rest ^= 0x537 << (bit - 10);
  return (kind << 10) | rest;
}

const ones = (bits) => bits.toString(2).replaceAll("0", "").length;

// Places that say nothing of the text: finders, timing, alignment, format, version.
function isFixed(x, y, side, version) {
  if ((x < 9 && y < 9) || (x >= side - 8 && y < 9) || (x < 9 && y >= side - 8) || x === 6 || y === 6) return true;
  if (version >= 7 && ((x >= side - 11 && y < 6) || (y >= side - 11 && x < 6))) return true;
  const lines = version < 2 ? [] : version < 7 ? [6, side - 7] : [6, (side - 1) / 2, side - 7];
  const isNear = (place) => lines.find((one) => Math.abs(one - place) <= 2);
  const [across, down] = [isNear(x), isNear(y)];
  const isFinder = (one, other) => one === 6 && (other === 6 || other === side - 7);
  return across !== undefined && down !== undefined && !isFinder(across, down) && !isFinder(down, across);
}

function codewordsOf(rows, side, version, isFlipped) {
  const bytes = [];
  let byte = 0;
  let count = 0;
  let isUp = true;
  for (let right = side - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < side * 2; step += 1) {
      const x = right - (step % 2);
      const y = isUp ? side - 1 - (step >> 1) : step >> 1;
      if (isFixed(x, y, side, version)) continue;
      byte = (byte << 1) | Number(rows[y][x] !== isFlipped(x, y));
      count += 1;
      if (count % 8 === 0) bytes.push(byte & 255);
    }
    isUp = !isUp;
  }
  return bytes.slice(0, CODEWORDS[version - 1]);
}

// Blocks are woven into each other: first their data, then their checks.
function blocksOf(bytes, version, level) {
  const [count, checks] = [BLOCKS[level][version - 1], CHECKS[level][version - 1]];
  const short = Math.floor(bytes.length / count);
  const firstLong = count - (bytes.length % count);
  const blocks = Array.from({ length: count }, () => ({ bytes: [], checks }));
  let next = 0;
  for (let place = 0; place < short - checks + 1; place += 1) {
    blocks.forEach((block, number) => (place < short - checks || number >= firstLong) && block.bytes.push(bytes[next++]));
  }
  for (let place = 0; place < checks; place += 1) for (const block of blocks) block.bytes.push(bytes[next++]);
  return blocks;
}

const POWERS = new Uint8Array(510);
const LOGS = new Uint8Array(256);
for (let place = 0, value = 1; place < 255; place += 1) {
  POWERS[place] = POWERS[place + 255] = value;
  LOGS[value] = place;
  value = value & 128 ? ((value << 1) ^ 0x11d) & 255 : value << 1;
}
const times = (one, other) => (one && other ? POWERS[LOGS[one] + LOGS[other]] : 0);
const over = (one, other) => (one ? POWERS[(LOGS[one] + 255 - LOGS[other]) % 255] : 0);
// Coefficients from the lowest power.
const at = (terms, x) => terms.reduceRight((sum, term) => times(sum, x) ^ term, 0);

// Reed and Solomon: the data without its checks, mended; null when too much is wrong.
function mend(bytes, checks) {
  const word = [...bytes];
  const reversed = [...bytes].reverse();
  const syndromes = Array.from({ length: checks }, (_, place) => at(reversed, POWERS[place]));
  if (syndromes.some(Boolean)) {
    const locator = locatorOf(syndromes);
    const wrong = word.map((_, place) => place).filter((place) => at(locator, POWERS[(255 - place) % 255]) === 0);
    if (wrong.length !== locator.length - 1) return null;
    const sizes = evaluator(syndromes, locator);
    const slope = locator.map((term, place) => (place % 2 ? term : 0)).slice(1);
    for (const place of wrong) {
      const x = POWERS[(255 - place) % 255];
      word[word.length - 1 - place] ^= times(POWERS[place], over(at(sizes, x), at(slope, x)));
    }
  }
  return word.slice(0, -checks);
}

// Berlekamp and Massey.
function locatorOf(syndromes) {
  let [locator, before, length, gap, last] = [[1], [1], 0, 1, 1];
  syndromes.forEach((syndrome, step) => {
    let odds = syndrome;
    for (let place = 1; place <= length; place += 1) odds ^= times(locator[place] ?? 0, syndromes[step - place]);
    if (!odds) return (gap += 1);
    const kept = [...locator];
    const share = over(odds, last);
    before.forEach((term, place) => (locator[place + gap] = (locator[place + gap] ?? 0) ^ times(share, term)));
    locator = Array.from(locator, (term) => term ?? 0);
    if (2 * length > step) return (gap += 1);
    [length, before, last, gap] = [step + 1 - length, kept, odds, 1];
    return gap;
  });
  while (locator.length > 1 && !locator.at(-1)) locator.pop();
  return locator;
}

function evaluator(syndromes, locator) {
  return syndromes.map((_, place) => locator.slice(0, place + 1).reduce((sum, term, back) => sum ^ times(term, syndromes[place - back]), 0));
}

// Segments: digits, capitals, bytes; other kinds are not on cards.
function said(data, version) {
  let place = 0;
  const take = (count) => {
    let value = 0;
    for (let bit = 0; bit < count; bit += 1, place += 1) value = (value << 1) | ((data[place >> 3] >> (7 - (place & 7))) & 1);
    return value;
  };
  const bytes = [];
  const add = (text) => bytes.push(...new TextEncoder().encode(text));
  while (place + 4 <= data.length * 8) {
    const mode = take(4);
    if (mode === 0) break;
    const length = take({ 1: [10, 12], 2: [9, 11], 4: [8, 16] }[mode]?.[version > 9 ? 1 : 0] ?? 0);
    if (mode === 4) for (let one = 0; one < length; one += 1) bytes.push(take(8));
    else if (mode === 2) for (let left = length; left > 0; left -= 2) add(letters(take(left > 1 ? 11 : 6), left));
    else if (mode === 1) for (let left = length; left > 0; left -= 3) add(String(take([0, 4, 7, 10][Math.min(left, 3)])).padStart(Math.min(left, 3), "0"));
    else return null;
  }
  return worded(Uint8Array.from(bytes));
}

// Most writers say UTF-8 without naming it; the others say Latin.
function worded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

const letters = (value, left) => (left > 1 ? ALPHABET[Math.floor(value / 45)] + ALPHABET[value % 45] : ALPHABET[value]);
