// onnx_answers.js MODEL SAMPLES PREDICTED: ONNX Runtime gives the answers of `nnrun predict --json` for the samples of
// an IDX file: outputs within 1e-5 of the largest, and the same class unless two are as near as that.
'use strict';
const fs = require('fs');
const zlib = require('zlib');
const ort = require('onnxruntime-node');

const [model, samplesPath, predictedPath] = process.argv.slice(2);

function readSamples(path) {
    let bytes = fs.readFileSync(path);
    if (bytes[0] === 0x1f) bytes = zlib.gunzipSync(bytes);
    const type = bytes[2], rank = bytes[3], dims = [];
    for (let i = 0; i < rank; i++) dims.push(bytes.readUInt32BE(4 + 4 * i));
    const at = 4 + 4 * rank, count = dims.reduce((a, b) => a * b, 1);
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = type === 0x08 ? bytes[at + i] : bytes.readFloatBE(at + 4 * i);
    return {count: dims[0], values};
}

// Which samples of the file are in each call.
function batches(count) {
    const list = [[0, 1]];
    for (let from = 1; from < count; from += 64) list.push([from, Math.min(count, from + 64)]);
    return list;
}

async function main() {
    const session = await ort.InferenceSession.create(model);
    const shape = session.inputMetadata ? session.inputMetadata[0].shape.slice(1).map(Number) : null;
    const samples = readSamples(samplesPath), size = samples.values.length / samples.count;
    const predicted = fs.readFileSync(predictedPath, 'utf8').split('\n').filter(Boolean).map(JSON.parse)
        .filter(event => event.event === 'predict');
    const outputs = [];

    if (predicted.length !== samples.count) throw new Error(`${predicted.length} answers for ${samples.count} samples`);
    for (const [from, to] of batches(samples.count)) {
        const input = new ort.Tensor('float32', samples.values.subarray(from * size, to * size), [to - from, ...shape]);
        const {output} = await session.run({input});
        const values = output.data.length / (to - from);
        for (let i = from; i < to; i++) outputs.push(output.data.subarray((i - from) * values, (i - from + 1) * values));
    }
    compare(outputs, predicted);
}

function compare(outputs, predicted) {
    const largest = Math.max(...outputs.map(list => Math.max(...list.map(Math.abs))));
    let worst = 0, ties = 0;

    predicted.forEach((answer, i) => {
        // a single output is the probability of the second of two classes
        if (outputs[i].length === 1 && answer.classes.some(entry => entry.class === 1))
            outputs[i] = [1 - outputs[i][0], outputs[i][0]];
        const best = outputs[i].indexOf(Math.max(...outputs[i]));
        for (const {class: number, value} of answer.classes) {
            const off = Math.abs(value - outputs[i][number]) / largest;
            worst = Math.max(worst, off);
            if (!(off <= 1e-5)) throw new Error(`sample ${i}, class ${number}: ${outputs[i][number]}, not ${value}`);
        }
        if (best === answer.class) return;
        ties++;
        if (!(outputs[i][best] - outputs[i][answer.class] < 1e-5)) throw new Error(`sample ${i}: class ${best}`);
    });
    console.log(`${outputs.length} samples, outputs off by at most ${worst.toExponential(1)}, ${ties} near ties`);
}

main().catch(error => { console.error(error.message); process.exit(1); });
