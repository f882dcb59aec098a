// operators.js: computes a graph of operators of ONNX by their definitions, one sample at a time. Sums are doubles, values are
// floats. Each operator is called with its attributes, its inputs (null: left out) and their shapes, and where its result goes.
"use strict";

const countOf = (shape) => shape.reduce((product, n) => product * n, 1);

// ---- one value of one value --------------------------------------------------------------------------------

// By a series of which all terms are positive.
function erf(x) {
  const size = Math.abs(x);
  if (!(size < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  let term = size, sum = size;
  for (let n = 1; term > 1e-17 * sum; n++) sum += term *= (2 * size * size) / (2 * n + 1);
  return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-size * size) * sum;
}

function clip({ x }, value) {
  if (x[1] && value < x[1][0]) value = x[1][0];
  return x[2] && value > x[2][0] ? x[2][0] : value;
}

const unaries = {
  Abs: (call, x) => Math.abs(x),
  Clip: clip,
  Elu: ({ at }, x) => (x >= 0 ? x : at.alpha * Math.expm1(x)),
  Erf: (call, x) => erf(x),
  Exp: (call, x) => Math.exp(x),
  HardSigmoid: ({ at }, x) => Math.max(0, Math.min(1, at.alpha * x + at.beta)),
  LeakyRelu: ({ at }, x) => (x >= 0 ? x : at.alpha * x),
  Log: (call, x) => Math.log(x),
  Neg: (call, x) => -x,
  Reciprocal: (call, x) => 1 / x,
  Relu: (call, x) => (x < 0 ? 0 : x),
  Selu: ({ at }, x) => at.gamma * (x > 0 ? x : at.alpha * Math.expm1(x)),
  Sigmoid: (call, x) => 1 / (1 + Math.exp(-x)),
  Softplus: (call, x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  Softsign: (call, x) => x / (1 + Math.abs(x)),
  Sqrt: (call, x) => Math.sqrt(x),
  Tanh: (call, x) => Math.tanh(x),
};

function unary(call) {
  const compute = unaries[call.at.type];
  for (let i = 0; i < call.y.length; i++) call.y[i] = compute(call, call.x[0][i]);
}

// ---- one value of one of each input ------------------------------------------------------------------------

const pairs = {
  Add: (a, b) => a + b,
  Div: (a, b) => a / b,
  Max: (a, b) => (a > b || Number.isNaN(a) ? a : b),
  Min: (a, b) => (a < b || Number.isNaN(a) ? a : b),
  Mul: (a, b) => a * b,
  Pow: (a, b) => a ** b,
  PRelu: (a, b) => (a < 0 ? a * b : a),
  Sub: (a, b) => a - b,
  Sum: (a, b) => a + b,
};

// The element of an input of shape `from` that is stretched to element i of the result.
function stretched(from, to, i) {
  let at = 0, run = 1;
  for (let back = 1; back <= from.length; back++) {
    const wide = to[to.length - back], narrow = from[from.length - back];
    at += narrow === 1 ? 0 : (i % wide) * run;
    run *= narrow;
    i = Math.floor(i / wide);
  }
  return at;
}

function broadcast({ at, x, shapes, y, shape }) {
  const compute = pairs[at.type];
  for (let k = 0; k < x.length; k++) {
    const same = x[k].length === y.length, alone = x[k].length === 1;
    for (let i = 0; i < y.length; i++) {
      const value = x[k][same ? i : alone ? 0 : stretched(shapes[k], shape, i)];
      y[i] = k === 0 ? value : compute(y[i], value);
    }
  }
}

// ---- windows -----------------------------------------------------------------------------------------------

// Of results 0 .. count - 1, of which number i takes place i * stride + offset of `size`: those whose place there is.
function inside(count, stride, offset, size) {
  return [Math.max(0, Math.ceil(-offset / stride)), Math.min(count, Math.floor((size - 1 - offset) / stride) + 1)];
}

// sum += weight * what the cell (u, v) of the kernel meets in a channel.
function addCell({ at, x, shapes, shape }, channel, u, v, weight, sum) {
  const [high, wide] = at.strides, [, height, width] = shapes[0], values = x[0];
  const down = u * at.dilations[0] - at.pads[0], across = v * at.dilations[1] - at.pads[1];
  const [top, bottom] = inside(shape[1], high, down, height), [left, right] = inside(shape[2], wide, across, width);
  for (let i = top; i < bottom; i++) {
    const end = i * shape[2] + right;
    let from = (channel * height + i * high + down) * width + left * wide + across;
    for (let to = i * shape[2] + left; to < end; to++, from += wide) sum[to] += weight * values[from];
  }
}

function convolution(call) {
  const { at, x, shapes, y, shape } = call;
  const [, channels, tall, wide] = shapes[1]; // channels of a group
  const sum = new Float64Array(shape[1] * shape[2]);
  for (let f = 0, w = 0; f < shape[0]; f++) {
    const first = Math.floor(f / (shape[0] / at.group)) * channels;
    sum.fill(x[2] ? x[2][f] : 0);
    for (let c = 0; c < channels; c++)
      for (let u = 0; u < tall; u++) for (let v = 0; v < wide; v++) addCell(call, first + c, u, v, x[1][w++], sum);
    y.set(sum, f * sum.length);
  }
}

// Where the window of a result begins along a side, and which of its cells are inside of `size`.
function windowOf(at, side, place, size) {
  const start = place * at.strides[side] - at.pads[side], step = at.dilations?.[side] ?? 1;
  const [first, end] = inside(at.kernel_shape[side], step, start, size);
  return { start, step, first, end };
}

const larger = (most, value) => (value > most || Number.isNaN(value) ? value : most); // NaN stays

function pool({ at, x, shapes, y, shape }) {
  const [, height, width] = shapes[0], largest = at.type === "MaxPool";
  for (let c = 0, to = 0; c < shape[0]; c++)
    for (let i = 0; i < shape[1]; i++)
      for (let j = 0; j < shape[2]; j++, to++) {
        const rows = windowOf(at, 0, i, height), columns = windowOf(at, 1, j, width);
        let most = -Infinity, sum = 0;
        for (let u = rows.first; u < rows.end; u++)
          for (let v = columns.first; v < columns.end; v++) {
            const value = x[0][(c * height + rows.start + u * rows.step) * width + columns.start + v * columns.step];
            most = larger(most, value);
            sum += value;
          }
        const cells = at.count_include_pad ? countOf(at.kernel_shape) : (rows.end - rows.first) * (columns.end - columns.first);
        y[to] = largest ? most : sum / cells;
      }
}

function globalPool({ at, x, y }) {
  const area = x[0].length / y.length;
  for (let c = 0; c < y.length; c++) {
    const channel = x[0].subarray(c * area, (c + 1) * area);
    y[c] = at.type === "GlobalMaxPool" ? channel.reduce(larger, -Infinity)
      : channel.reduce((sum, value) => sum + value, 0) / area;
  }
}

// ---- the others --------------------------------------------------------------------------------------------

function copy({ x, y }) {
  y.set(x[0]);
}

function join({ at, x, shapes, y, shape }) {
  const inner = countOf(shape.slice(at.axis)), outer = countOf(shape.slice(0, at.axis - 1));
  for (let o = 0, done = 0; o < outer; o++)
    for (let k = 0; k < x.length; k++) {
      const run = shapes[k][at.axis - 1] * inner;
      y.set(x[k].subarray(o * run, (o + 1) * run), done);
      done += run;
    }
}

function product({ at, x, y }) {
  const [values, weights, bias] = x, wide = values.length, high = y.length;
  for (let m = 0; m < high; m++) {
    let sum = 0;
    for (let k = 0; k < wide; k++) sum += values[k] * weights[at.transB ? m * wide + k : k * high + m];
    y[m] = at.alpha * sum + (bias ? at.beta * bias[m] : 0);
  }
}

function softmax({ at, x, y, shape }) {
  const count = shape[at.axis - 1], step = countOf(shape.slice(at.axis));
  for (let from = 0; from < y.length; from += count * step)
    for (let first = from; first < from + step; first++) {
      const end = first + count * step, parts = new Float64Array(count);
      let most = -Infinity, sum = 0;
      for (let i = first; i < end; i += step) most = Math.max(most, x[0][i]);
      for (let i = 0; i < count; i++) sum += parts[i] = Math.exp(x[0][first + i * step] - most);
      for (let i = 0; i < count; i++) y[first + i * step] = parts[i] / sum;
    }
}

function batchNormalization({ at, x, y, shape }) {
  const [values, scale, bias, mean, variance] = x, area = y.length / shape[0];
  for (let i = 0; i < y.length; i++) {
    const c = Math.floor(i / area);
    y[i] = (scale[c] * (values[i] - mean[c])) / Math.sqrt(variance[c] + at.epsilon) + bias[c];
  }
}

function channelNormalization({ at, x, y, shape }) {
  const channels = shape[0], area = y.length / channels;
  for (let c = 0; c < channels; c++) {
    const first = Math.max(0, c - Math.floor((at.size - 1) / 2));
    const last = Math.min(channels - 1, c + Math.floor(at.size / 2));
    for (let i = 0; i < area; i++) {
      let squares = 0;
      for (let k = first; k <= last; k++) squares += x[0][k * area + i] ** 2;
      y[c * area + i] = x[0][c * area + i] * (at.bias + (at.alpha / at.size) * squares) ** -at.beta;
    }
  }
}

// ---- graphs ------------------------------------------------------------------------------------------------

const operators = {
  AveragePool: pool,
  BatchNormalization: batchNormalization,
  Concat: join,
  Conv: convolution,
  Flatten: copy,
  Gemm: product,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  Identity: copy,
  LRN: channelNormalization,
  MaxPool: pool,
  Reshape: copy,
  Softmax: softmax,
};
for (const type in unaries) operators[type] = unary;
for (const type in pairs) operators[type] = broadcast;

// The graph with a Float32Array for each of its values: constants are parts of `weights`.
function makeGraph(graph, weights) {
  const values = graph.values.map(({ shape, at }) => (at === undefined ? new Float32Array(countOf(shape))
    : weights.subarray(at, at + countOf(shape))));
  const calls = graph.operators.map((at) => ({
    at,
    x: at.inputs.map((i) => (i === null ? null : values[i])),
    shapes: at.inputs.map((i) => (i === null ? null : graph.values[i].shape)),
    y: values[at.output],
    shape: graph.values[at.output].shape,
  }));
  return { values, calls, input: values[graph.input], output: values[graph.output] };
}

// Writes the sample into its place, and all values that follow from it; returns those of the output.
function runGraph(graph, sample) {
  graph.input.set(sample);
  for (const call of graph.calls) operators[call.at.type](call);
  return graph.output;
}
