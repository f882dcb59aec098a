// draw.js: a paper to draw on, and pictures that are dropped, pasted or chosen. The page says what is done with them: ask() with
// what is drawn so far, take() with a file; and takesPictures().
"use strict";

const PICTURE = 280;        // side of the drawing that is asked about

const paper = $("paper");
const pen = paper.getContext("2d", { willReadFrequently: true }); // for greysOfPaper, in each frame
const small = document.createElement("canvas");
small.width = small.height = PICTURE;
const smallPen = small.getContext("2d", { willReadFrequently: true });

let asking = false;
let changed = false; // since it was asked about
let drawn = false;
let given = null;    // a picture that is asked about instead of the paper

// The greys of the paper, row by row.
function greysOfPaper() {
  smallPen.drawImage(paper, 0, 0, PICTURE, PICTURE);
  const pixels = smallPen.getImageData(0, 0, PICTURE, PICTURE).data, greys = new Uint8Array(PICTURE * PICTURE);
  for (let i = 0; i < greys.length; i++) greys[i] = pixels[4 * i];
  return greys;
}

// ---- pictures ----------------------------------------------------------------------------------------------

function showGiven(image, ground) {
  const scale = Math.min(paper.width / image.width, paper.height / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  const box = [(paper.width - width) / 2, (paper.height - height) / 2, width, height];
  pen.fillStyle = ground ? "#fff" : "#000";
  pen.fillRect(...box);
  pen.drawImage(image, ...box);
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

// As the network's pictures are: dark on light where their mean is light, but for digits, which are turned as needed.
const isLight = () => Boolean(model) && model.prepare !== "digit" && model.mean > 0.5;

function clear() {
  pen.strokeStyle = isLight() ? "#000" : "#fff";
  pen.fillStyle = isLight() ? "#fff" : "#000";
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

function beginPaper() {
  pen.lineWidth = paper.width / 13;
  pen.lineCap = pen.lineJoin = "round";
  clear();
}
$("clear").addEventListener("click", clear);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") clear();
});
