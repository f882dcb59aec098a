// show.js: shows what a network makes of what it is asked about: classes with their bars, what it sees, and each layer.
"use strict";

const MOST_TILES = 64;      // channels of a layer that are shown
const MOST_BARS = 20;       // classes that have a bar each; of more, the best are shown
const STRIP = 20;           // values in a row of a vector
const SPEAK_AFTER = 700;    // milliseconds without a stroke

const $ = (id) => document.getElementById(id);

function element(tag, className, parent, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

function note(text) {
  $("note").textContent = text;
  $("note").hidden = !text;
}

// ---- colours -----------------------------------------------------------------------------------------------

// RGBA words for -255 .. 255: blue, dark, amber.
const colours = (() => {
  const stops = [[-255, 168, 224, 255], [-128, 42, 120, 214], [0, 17, 19, 23], [128, 217, 122, 18], [255, 255, 233, 189]];
  const bytes = new Uint8ClampedArray(4 * 511);
  for (let value = -255; value <= 255; value++) {
    const k = Math.max(1, stops.findIndex((stop) => stop[0] >= value));
    const [from, to] = [stops[k - 1], stops[k]];
    const part = (value - from[0]) / (to[0] - from[0]);
    for (let c = 0; c < 3; c++) bytes[4 * (value + 255) + c] = from[c + 1] + part * (to[c + 1] - from[c + 1]);
    bytes[4 * (value + 255) + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
})();

// ---- layers ------------------------------------------------------------------------------------------------

// A canvas for `count` values from `first`, with how to paint them.
function makeTile(parent, first, height, width, zoom) {
  const canvas = element("canvas", "", parent);
  canvas.width = width;
  canvas.height = height;
  canvas.style.width = `${width * zoom}px`;
  canvas.style.height = height === 1 ? `${Math.max(zoom, 16)}px` : "auto"; // as far as the page is wide enough
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  return (values, most) => {
    for (let i = 0; i < words.length; i++)
      words[i] = colours[255 + Math.round(most > 0 ? (255 * (values[first + i] ?? 0)) / most : 0)];
    context.putImageData(image, 0, 0);
  };
}

function makeLayer(layer) {
  const [channels, height, width] = [1, 1, ...layer.output].slice(-3);
  const count = layer.output.reduce((product, n) => product * n, 1);
  const box = element("section", "layer", $("layers"));
  const title = element("h3", "", box, layer.name);
  element("span", "", title, layer.type);
  element("span", "", title, layer.output.join("×"));
  const tiles = [];
  if (height * width === 1 || layer.output.length === 1) {
    const row = element("div", "tiles strip", box);
    const most = MOST_TILES * STRIP;
    for (let first = 0; first < Math.min(count, most); first += STRIP)
      tiles.push(makeTile(row, first, 1, Math.min(STRIP, count - first), count <= STRIP ? 16 : 8));
    if (count > most) element("p", "", row, `and ${count - most} more`);
  } else {
    const grid = element("div", "tiles", box);
    const zoom = Math.min(8, Math.max(1, Math.floor(56 / Math.max(height, width))));
    for (let c = 0; c < Math.min(channels, MOST_TILES); c++)
      tiles.push(makeTile(grid, c * height * width, height, width, zoom));
    if (channels > MOST_TILES) element("p", "", grid, `and ${channels - MOST_TILES} more`);
  }
  return (values) => {
    const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value ?? 0)), 0);
    for (const paint of tiles) paint(values, most);
  };
}

// ---- answer ------------------------------------------------------------------------------------------------

let model = null;           // what is told of the network, with `count`, that of its classes
const layers = new Map();
let speaking = 0;
const bars = [];

function makeBars() {
  const count = model.count > MOST_BARS ? 5 : model.count;
  for (const id of ["bars", "class"]) $(id).classList.toggle("named", Boolean(model.classes));
  for (let i = 0; i < count; i++) {
    const row = element("li", "", $("bars"));
    const label = element("span", "", row, className(i));
    const bar = element("div", "bar", element("div", "track", row));
    bars.push({ row, label, bar, value: element("span", "", row, "") });
  }
}

// What a class is called: its name, or its number where classes have none.
const className = (which) => (model.classes ? model.classes[which] : String(which));

const percent = (value) => `${(100 * value).toFixed(1)} %`;
const number = (value) => (Number.isFinite(value) ? value.toPrecision(3) : "–");

function setBar(bar, label, value, most, sure, best) {
  bar.label.textContent = bar.label.title = label; // a long one is cut
  bar.value.textContent = sure ? percent(value ?? 0) : number(value);
  const part = Math.min(1, Math.max(0, sure ? (value ?? 0) : most > 0 ? (value ?? 0) / most : 0));
  bar.bar.style.transform = `translateX(${100 * (part - 1)}%)`;
  bar.row.classList.toggle("best", best);
}

// What is told is the event of nnrun predict, with the values of each layer; no class: the network has no answer.
function showAnswer(answer) {
  const sure = answer.probability !== null;
  const outputs = answer.layers.find((layer) => layer.name === model.output).values;
  const said = new Map(answer.classes.map((one) => [one.class, one.value]));
  const most = Math.max(...said.values());
  const alone = model.count === 1, none = answer.class === null;
  const best = (which) => (model.labels ? outputs[which] > 0.5 : which === answer.class);
  const first = none ? "" : number(answer.classes[0].value);
  $("class").textContent = none ? "–" : alone ? first : model.labels ? labelsOf(outputs) : className(answer.class);
  $("sure").textContent = none ? "no answer" : model.labels || alone ? "" : sure ? percent(answer.probability) : first;
  const seen = answer.many ? "more than 64" : answer.digits > 1 ? answer.digits : "";
  $("several").hidden = !seen;
  $("several").textContent = seen ? `${seen} digits seen, answered as one` : "";
  bars.forEach((bar, i) => {
    const which = bars.length === model.count ? i : answer.classes[i]?.class ?? i;
    const value = outputs.length === model.count ? outputs[which] : said.get(which);
    setBar(bar, className(which), value ?? null, most, sure, best(which));
  });
}

// Of several labels those that are more likely than not.
const labelsOf = (outputs) => [...outputs.keys()].filter((i) => outputs[i] > 0.5).map(className).join(", ") || "none";

// Once the hand rests, for who does not see.
function speakSoon() {
  clearTimeout(speaking);
  speaking = setTimeout(() => { $("spoken").textContent = `${$("class").textContent}, ${$("sure").textContent}`; }, SPEAK_AFTER);
}

function showSeen(input) {
  const canvas = $("seen");
  const area = input.height * input.width;
  if (canvas.width !== input.width || canvas.height !== input.height) {
    canvas.width = input.width;
    canvas.height = input.height;
  }
  const context = canvas.getContext("2d");
  const image = context.createImageData(input.width, input.height);
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = input.pixels[(input.channels === 3 ? c * area : 0) + i];
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

function showNothing() {
  $("class").textContent = "–";
  $("sure").textContent = "";
  $("several").hidden = true;
  $("spoken").textContent = "";
  $("seen").getContext("2d").clearRect(0, 0, $("seen").width, $("seen").height);
  for (const [name, paint] of layers) paint(model.layers.find((layer) => layer.name === name).output.map(() => 0));
  for (const bar of bars) {
    bar.value.textContent = "";
    bar.bar.style.transform = "";
    bar.row.classList.remove("best");
  }
}

// Which network it is, with a place for each class and layer.
function showModel() {
  const accuracy = model.validation_accuracy;
  document.title = `${model.name} – nnrun`;
  $("name").textContent = model.name;
  $("about").textContent = `${model.parameters.toLocaleString("en")} parameters` +
    (accuracy === null ? "" : `, ${(100 * accuracy).toFixed(2)} % right in validation`);
  $("seen-size").textContent = model.input.join("×");
  makeBars();
  for (const layer of model.layers) layers.set(layer.name, makeLayer(layer));
  showNothing();
}
