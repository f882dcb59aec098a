// page.js: sends what is drawn while it is drawn, or a picture that is dropped, pasted or chosen, and shows what the network
// makes of it.
"use strict";

const PICTURE = 280;        // side of the drawing that is sent
const MOST_SIDE = 512;      // of a picture that is sent: the server looks at no more
const MOST_TILES = 64;      // channels of a layer that are shown
const MOST_BARS = 20;       // classes that have a bar each; of more, the best are shown
const STRIP = 20;           // values in a row of a vector
const SPEAK_AFTER = 700;    // milliseconds without a stroke

const $ = (id) => document.getElementById(id);
const paper = $("paper");
const pen = paper.getContext("2d");
const small = document.createElement("canvas");
small.width = small.height = PICTURE;
const smallPen = small.getContext("2d", { willReadFrequently: true });

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

let model = null;
const layers = new Map();
const bars = [];

function classCount() {
  const output = model.layers.find((layer) => layer.name === model.output);
  const count = output.output.reduce((product, n) => product * n, 1);
  return count === 1 && output.type === "logistic" ? 2 : count;
}

function makeBars() {
  const count = Math.min(classCount(), MOST_BARS + 1) > MOST_BARS ? 5 : classCount();
  for (const id of ["bars", "class"]) $(id).classList.toggle("named", Boolean(model.classes));
  for (let i = 0; i < count; i++) {
    const row = element("li", "", $("bars"));
    const label = element("span", "", row, className(i));
    const bar = element("div", "bar", element("div", "track", row));
    bars.push({ row, label, bar, value: element("span", "", row, "") });
  }
}

const takesPictures = () => !model || model.values === "pixels";

// Colours are not drawn, and numbers are not seen.
function sayWhatIsTaken() {
  if (!takesPictures()) $("hint").textContent = "This network takes rows of numbers: POST them to /predict";
  else if (model.input.length === 3 && model.input[0] === 3) $("hint").textContent = "Drop or paste a picture";
  $("choose").disabled = !takesPictures();
}

// What a class is called: its name, or its number where classes have none.
const className = (which) => (model.classes ? model.classes[which] : String(which));

const percent = (value) => `${(100 * value).toFixed(1)} %`;
const number = (value) => (value === null ? "–" : value.toPrecision(3));

function setBar(bar, label, value, most, sure, best) {
  bar.label.textContent = label;
  bar.value.textContent = sure ? percent(value ?? 0) : number(value);
  const part = Math.min(1, Math.max(0, sure ? (value ?? 0) : most > 0 ? (value ?? 0) / most : 0));
  bar.bar.style.transform = `translateX(${100 * (part - 1)}%)`;
  bar.row.classList.toggle("best", best);
}

function showAnswer(answer) {
  const sure = answer.probability !== null;
  const outputs = answer.layers.find((layer) => layer.name === model.output).values;
  const said = new Map(answer.classes.map((one) => [one.class, one.value]));
  const most = Math.max(...said.values());
  const alone = classCount() === 1;
  $("class").textContent = alone ? number(answer.classes[0].value) : className(answer.class);
  $("sure").textContent = sure ? percent(answer.probability) : alone ? "" : number(answer.classes[0].value);
  const seen = answer.many ? "more than 64" : answer.digits > 1 ? answer.digits : "";
  $("several").hidden = !seen;
  $("several").textContent = seen ? `${seen} digits seen, answered as one` : "";
  bars.forEach((bar, i) => {
    const which = bars.length === classCount() ? i : answer.classes[i].class;
    const value = outputs.length === classCount() ? outputs[which] : said.get(which);
    setBar(bar, className(which), value, most, sure, which === answer.class);
  });
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

// ---- asking ------------------------------------------------------------------------------------------------

// One request at a time; what is drawn meanwhile is sent as it is when the answer has come.
let asking = false;
let changed = false;
let drawn = false;
let speaking = 0;

function pictureOfPaper() {
  smallPen.drawImage(paper, 0, 0, PICTURE, PICTURE);
  const pixels = smallPen.getImageData(0, 0, PICTURE, PICTURE).data;
  const head = new TextEncoder().encode(`P5 ${PICTURE} ${PICTURE} 255\n`);
  const bytes = new Uint8Array(head.length + PICTURE * PICTURE);
  bytes.set(head);
  for (let i = 0; i < PICTURE * PICTURE; i++) bytes[head.length + i] = pixels[4 * i];
  return bytes;
}

const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

// The response and the JSON in it, or undefined after saying that there is no server.
async function reach(path, options) {
  try {
    const response = await fetch(path, options);
    return { response, answer: await response.json() };
  } catch {
    note("The server does not answer.");
    return undefined;
  }
}

// Returns how many milliseconds to wait before the next time.
async function askOnce() {
  const mine = drawing;
  const picture = given;
  const got = await reach("/predict?input=1&layers=1", {
    method: "POST",
    headers: { "Content-Type": "image/x-portable-anymap" },
    body: picture ? bodyOf(picture) : pictureOfPaper(),
  });
  if (!got || got.response.status === 503) {
    changed = true;
    return 1000 * Number(got?.response.headers.get("Retry-After") ?? 1);
  }
  const { response, answer } = got;
  if (drawing !== mine) return 0; // cleared meanwhile
  if (!response.ok && picture && bodyOf(picture) !== picture.bytes) {
    picture.file = null;
    changed = true;
    return 0;
  }
  note(response.ok ? "" : answer.error);
  if (!response.ok) return 0;
  if (!isOfModel(answer)) { // the server is another by now
    location.reload();
    return 0;
  }
  showAnswer(answer);
  showSeen(answer.input);
  for (const layer of answer.layers) layers.get(layer.name)(layer.values);
  clearTimeout(speaking);
  speaking = setTimeout(() => { $("spoken").textContent = `${$("class").textContent}, ${$("sure").textContent}`; }, SPEAK_AFTER);
  return 0;
}

const shapes = (list) => list.map((layer) => `${layer.name} ${layer.output}`).join();
const isOfModel = (answer) => shapes(answer.layers) === shapes(model.layers);

async function ask() {
  changed = true;
  if (asking || !model) return;
  asking = true;
  while (changed && drawn) {
    changed = false;
    const wait = await askOnce();
    await (wait ? pause(wait) : new Promise(requestAnimationFrame));
  }
  asking = false;
}

// ---- pictures ----------------------------------------------------------------------------------------------

// A picture that is asked about instead of the paper: its file, if the server reads such files, and its bytes as the browser
// reads it. Unless it is prepared as a digit the file is sent, so that it becomes the sample that nnrun pack makes of it; if
// the server refuses it, as too large, the bytes are.
let given = null;

const bodyOf = (picture) => (model.prepare === "digit" ? null : picture.file) ?? picture.bytes;

// PNG, JPEG, PGM or PPM, by the first bytes.
async function isRead(file) {
  const [a, b] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return (a === 0x89 && b === 0x50) || (a === 0xff && b === 0xd8) || (a === 0x50 && [0x32, 0x33, 0x35, 0x36].includes(b));
}

// What is transparent becomes white or, where most of the rest is light, black.
function groundOf(pixels) {
  let light = 0, opacity = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    light += (pixels[i] + pixels[i + 1] + pixels[i + 2]) * pixels[i + 3];
    opacity += 3 * 255 * pixels[i + 3];
  }
  return 2 * light > opacity ? 0 : 255;
}

// A PPM file of the image, turned upright, no side longer than MOST_SIDE.
function pictureOf(image) {
  const scale = Math.min(1, MOST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
  const ground = groundOf(pixels);
  const head = new TextEncoder().encode(`P6 ${canvas.width} ${canvas.height} 255\n`);
  const bytes = new Uint8Array(head.length + (pixels.length / 4) * 3);
  bytes.set(head);
  for (let i = 0, at = head.length; i < pixels.length; i += 4)
    for (let c = 0; c < 3; c++)
      bytes[at++] = Math.round((pixels[i + c] * pixels[i + 3] + ground * (255 - pixels[i + 3])) / 255);
  return { bytes, ground };
}

function showGiven(image, ground) {
  const scale = Math.min(paper.width / image.width, paper.height / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  const box = [(paper.width - width) / 2, (paper.height - height) / 2, width, height];
  pen.fillStyle = ground ? "#fff" : "#000";
  pen.fillRect(...box);
  pen.drawImage(image, ...box);
}

async function take(file) {
  clear();
  if (!takesPictures()) return;
  const mine = drawing;
  let image, read;
  try {
    read = (await isRead(file)) ? file : null;
    image = await createImageBitmap(file);
  } catch {
    note(`${file.name || "This"} is not a picture that the browser can read.`);
    return;
  }
  if (drawing !== mine) return; // cleared, drawn on or given another meanwhile
  const picture = pictureOf(image);
  given = { file: read, bytes: picture.bytes };
  showGiven(image, picture.ground);
  begun();
  ask();
}

function takeFirst(event, list) {
  const file = [...(list?.files ?? [])][0];
  if (!file) return;
  event.preventDefault();
  take(file);
}

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  takeFirst(event, event.dataTransfer);
});
document.addEventListener("paste", (event) => takeFirst(event, event.clipboardData));
$("choose").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", (event) => {
  takeFirst(event, event.target);
  event.target.value = ""; // so that the same file can be chosen again
});

// ---- drawing -----------------------------------------------------------------------------------------------

let last = null;     // the end of the stroke under way
let pointer = null;  // that draws it
let drawing = 0;     // how often the paper was cleared

function place(event) {
  const box = paper.getBoundingClientRect();
  return [((event.clientX - box.left) * paper.width) / box.width, ((event.clientY - box.top) * paper.height) / box.height];
}

function strokeTo(point) {
  pen.beginPath();
  pen.moveTo(...last);
  pen.lineTo(point[0] + 0.01, point[1]); // a line of no length would not be drawn
  pen.stroke();
  last = point;
}

function clear() {
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, paper.width, paper.height);
  last = pointer = null;
  drawing++;
  given = null;
  drawn = changed = false;
  clearTimeout(speaking);
  $("hint").hidden = false;
  $("clear").setAttribute("aria-disabled", "true");
  note("");
  if (model) showNothing();
}

function begun() {
  drawn = true;
  $("hint").hidden = true;
  $("clear").setAttribute("aria-disabled", "false");
}

paper.addEventListener("pointerdown", (event) => {
  if (pointer !== null || event.button !== 0 || !takesPictures()) return;
  event.preventDefault();
  if (given) clear();
  pointer = event.pointerId;
  last = place(event);
  paper.setPointerCapture(pointer);
  begun();
  strokeTo(last);
  ask();
});
paper.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  const all = event.getCoalescedEvents?.() ?? [];
  for (const one of all.length ? all : [event]) strokeTo(place(one));
  ask();
});
for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
  paper.addEventListener(end, (event) => {
    if (event.pointerId === pointer) last = pointer = null;
  });
$("clear").addEventListener("click", clear);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") clear();
});

// ---- beginning ---------------------------------------------------------------------------------------------

async function begin() {
  pen.lineWidth = paper.width / 13;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#fff";
  clear();
  let got;
  while (!(got = await reach("/model"))?.response.ok) await pause(1000);
  note("");
  model = got.answer;
  const accuracy = model.validation_accuracy;
  document.title = `${model.name} – nnrun`;
  $("name").textContent = model.name;
  $("about").textContent = `${model.parameters.toLocaleString("en")} parameters` +
    (accuracy === null ? "" : `, ${(100 * accuracy).toFixed(2)} % right in validation`);
  $("seen-size").textContent = model.input.join("×");
  sayWhatIsTaken();
  makeBars();
  for (const layer of model.layers) layers.set(layer.name, makeLayer(layer));
  showNothing();
  if (drawn) ask();
}

begin();
