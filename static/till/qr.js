// A QR code in a picture of the camera, where the browser has no reader of its own.

import { MOST_VERSION, textOf } from "./qr-read.js";

const SIDE = 480;
let drawing = null;

// The same shape as the browser's own BarcodeDetector.
export class CodeReader {
  async detect(video) {
    if (!video.videoWidth) return [];
    const scale = Math.min(1, SIDE / Math.min(video.videoWidth, video.videoHeight));
    const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    drawing ??= document.createElement("canvas");
    Object.assign(drawing, { width, height });
    const pen = drawing.getContext("2d", { willReadFrequently: true });
    pen.drawImage(video, 0, 0, width, height);
    const text = find(pen.getImageData(0, 0, width, height));
    return text ? [{ rawValue: text }] : [];
  }
}

export function find({ data, width, height }) {
  const dark = darkness(data, width, height);
  const isDark = (x, y) => x >= 0 && y >= 0 && x < width && y < height && dark[(y | 0) * width + (x | 0)] === 1;
  for (const [one, other, third] of triples(finders(isDark, width, height))) {
    const text = sampled(isDark, ordered(one, other, third));
    if (text) return text;
  }
  return null;
}

// Dark is darker than around it: shadows and a lit screen do not matter.
function darkness(data, width, height) {
  const sums = new Float64Array((width + 1) * (height + 1));
  const light = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0, row = 0; x < width; x += 1) {
      const place = y * width + x;
      light[place] = (data[place * 4] * 3 + data[place * 4 + 1] * 6 + data[place * 4 + 2]) / 10;
      row += light[place];
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  }
  const reach = Math.round(Math.min(width, height) / 12);
  return light.map((one, place) => {
    const [x, y] = [place % width, Math.floor(place / width)];
    const [left, right, top, bottom] = [Math.max(0, x - reach), Math.min(width, x + reach), Math.max(0, y - reach), Math.min(height, y + reach)];
    const sum = sums[bottom * (width + 1) + right] - sums[top * (width + 1) + right] - sums[bottom * (width + 1) + left] + sums[top * (width + 1) + left];
    return Number(one < (sum / ((right - left) * (bottom - top))) * 0.92);
  });
}

const RATIO = [1, 1, 3, 1, 1];

// Whether five runs are 1:1:3:1:1; the size of a module, or 0.
function moduleOf(runs) {
  const size = runs.reduce((sum, run) => sum + run, 0) / 7;
  return size >= 1 && runs.every((run, place) => Math.abs(run - size * RATIO[place]) < size * RATIO[place] * 0.6) ? size : 0;
}

// The three squares at the corners, seen on every line that crosses them.
function finders(isDark, width, height) {
  const found = [];
  for (let y = 0; y < height; y += 2) {
    let runs = [0, 0, 0, 0, 0];
    let was = false;
    for (let x = 0; x <= width; x += 1) {
      const now = x < width && isDark(x, y);
      if (now === was) {
        runs[4] += 1;
        continue;
      }
      if (was && moduleOf(runs)) keepFinder(found, isDark, x - runs[4] - runs[3] - runs[2] / 2, y);
      runs = [...runs.slice(1), 1];
      was = now;
    }
  }
  return found.filter((one) => one.seen > 1).sort((one, other) => other.seen - one.seen).slice(0, 8);
}

function keepFinder(found, isDark, x, y) {
  const down = crossed(isDark, x, y, 0, 1);
  const across = down && crossed(isDark, x, y + down.shift, 1, 0);
  if (!across) return;
  const [midX, midY, size] = [x + across.shift, y + down.shift, (down.size + across.size) / 2];
  const near = found.find((one) => Math.hypot(one.x - midX, one.y - midY) < one.size * 3);
  if (!near) return void found.push({ x: midX, y: midY, size, seen: 1 });
  for (const [name, value] of [["x", midX], ["y", midY], ["size", size]]) near[name] = (near[name] * near.seen + value) / (near.seen + 1);
  near.seen += 1;
}

// The five runs through a point in one direction: the size of a module, and how far the middle is.
function crossed(isDark, x, y, stepX, stepY) {
  const half = (way) => {
    const lengths = [0, 0, 0];
    let place = way > 0 ? 0 : 1;
    for (let part = 0; part < 3; part += 1) {
      while (isDark(x + stepX * way * place, y + stepY * way * place) === (part % 2 === 0) && lengths[part] < 200) {
        lengths[part] += 1;
        place += 1;
      }
    }
    return lengths;
  };
  const [after, before] = [half(1), half(-1)];
  const size = moduleOf([before[2], before[1], before[0] + after[0], after[1], after[2]]);
  return size ? { size, shift: (after[0] - before[0]) / 2 } : null;
}

// Every three of them, the most alike and the squarest first.
function triples(found) {
  const every = [];
  for (let one = 0; one < found.length; one += 1) for (let two = one + 1; two < found.length; two += 1) for (let three = two + 1; three < found.length; three += 1) every.push([found[one], found[two], found[three]]);
  return every.map((three) => [oddness(three), three]).sort(([one], [other]) => one - other).slice(0, 6).map(([, three]) => three);
}

const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

function oddness([one, other, third]) {
  const [short, middle, long] = [distance(one, other), distance(other, third), distance(one, third)].sort((a, b) => a - b);
  const sizes = [one.size, other.size, third.size];
  return Math.abs(middle / short - 1) + Math.abs(long / Math.hypot(short, middle) - 1) + (Math.max(...sizes) / Math.min(...sizes) - 1);
}

// The corner at the right angle first, then the one that is clockwise from it.
function ordered(one, other, third) {
  const sides = [[distance(other, third), one, other, third], [distance(one, third), other, one, third], [distance(one, other), third, one, other]];
  const [, corner, first, second] = sides.sort(([a], [b]) => b - a)[0];
  const turn = (first.x - corner.x) * (second.y - corner.y) - (first.y - corner.y) * (second.x - corner.x);
  return turn > 0 ? [corner, first, second] : [corner, second, first];
}

function sampled(isDark, [corner, right, below]) {
  const size = (corner.size + right.size + below.size) / 3;
  const guess = Math.round(((distance(corner, right) + distance(corner, below)) / 2 / size - 10) / 4);
  for (const version of [guess, guess - 1, guess + 1]) {
    if (version < 1 || version > MOST_VERSION) continue;
    const side = 17 + version * 4;
    for (const fourth of fourths(isDark, corner, right, below, side)) {
      const text = textOf(grid(isDark, corner, right, below, side, fourth));
      if (text) return text;
    }
  }
  return null;
}

// Where the small square near the fourth corner is, in modules from where a flat picture would have it.
function fourths(isDark, corner, right, below, side) {
  if (side < 25) return [null];
  const at = placer(corner, right, below, side, null);
  const scored = [];
  for (let dx = -4; dx <= 4; dx += 0.5) for (let dy = -4; dy <= 4; dy += 0.5) scored.push([score(isDark, at, side - 6.5 + dx, side - 6.5 + dy), dx, dy]);
  const best = scored.sort((one, other) => other[0] - one[0] || Math.hypot(one[1], one[2]) - Math.hypot(other[1], other[2])).slice(0, 3);
  return [...best.map(([, dx, dy]) => [dx, dy]), null];
}

function score(isDark, at, x, y) {
  let sum = 0;
  for (let dx = -2; dx <= 2; dx += 1) for (let dy = -2; dy <= 2; dy += 1) sum += Number(isDark(...at(x + dx, y + dy)) === (Math.max(Math.abs(dx), Math.abs(dy)) !== 1));
  return sum;
}

// From modules to pixels: flat, and bent towards the fourth corner where one was seen.
function placer(corner, right, below, side, fourth) {
  const span = side - 7;
  const [ax, ay, bx, by] = [(right.x - corner.x) / span, (right.y - corner.y) / span, (below.x - corner.x) / span, (below.y - corner.y) / span];
  const bend = fourth ? (u, v) => (u * v) / ((span - 3) * (span - 3)) : () => 0;
  const [dx, dy] = fourth ?? [0, 0];
  return (x, y) => {
    const [u, v] = [x - 3.5, y - 3.5];
    const [across, down] = [u + dx * bend(u, v), v + dy * bend(u, v)];
    return [corner.x + ax * across + bx * down, corner.y + ay * across + by * down];
  };
}

function grid(isDark, corner, right, below, side, fourth) {
  const at = placer(corner, right, below, side, fourth);
  return Array.from({ length: side }, (_, y) => Array.from({ length: side }, (_, x) => isDark(...at(x + 0.5, y + 0.5))));
}
