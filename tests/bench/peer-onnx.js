// The transformer in ONNX Runtime (npm install --ignore-scripts onnxruntime-node): peer-onnx.js SHAPE THREADS CPU
//
// Stepped in turn with ours by bench-engine; what is said is written in bench-child.h. The models are
// peer-engine.py's, exported once into a folder for temporary files.
'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const readline = require('readline');
const ort = require('onnxruntime-node');

const [shape, threads, cpu] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const [LAYERS, HEADS, COLUMNS, CONTEXT] = [6, 8, 32, 512];

function exported(name) {
  const folder = path.join(os.tmpdir(), `arietta-bench-onnx-${os.userInfo().uid}`);
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const python of ['/usr/bin/python3', 'python3'])
      if (spawnSync(python, [path.join(__dirname, 'peer-engine.py'), 'export_onnx', '1', '-1', folder]).status === 0)
        break;
  }
  return file;
}

function draw(logits) {
  const most = logits.reduce((a, b) => Math.max(a, b));
  const chances = Float32Array.from(logits, (x) => Math.exp(x - most));
  let left = Math.random() * chances.reduce((a, b) => a + b);
  for (let i = 0; i < chances.length; i++)
    if ((left -= chances[i]) <= 0)
      return i;
  return chances.length - 1;
}

const integer = (n) => new ort.Tensor('int64', BigInt64Array.of(BigInt(n)), [1]);

const shapes = {
  transformer_prefill512: async (options) => {
    const session = await ort.InferenceSession.create(exported('full.onnx'), options);
    const tokens = new ort.Tensor('int64', new BigInt64Array(CONTEXT).fill(1n), [1, CONTEXT]);
    return () => session.run({ tokens });
  },
  transformer_sample_kv: async (options) => {
    const session = await ort.InferenceSession.create(exported('step.onnx'), options);
    return async () => {
      let kept = {};
      for (let i = 0; i < LAYERS; i++)
        for (const part of ['k', 'v'])
          kept[`in_${part}${i}`] = new ort.Tensor('float32', new Float32Array(0), [HEADS, 0, COLUMNS]);
      let token = 1;
      for (let place = 0; place < CONTEXT; place++) {
        const out = await session.run({ token: integer(token), place: integer(place), ...kept });
        token = draw(out.logits.data);
        kept = {};
        for (const name in out)
          if (name !== 'logits')
            kept[name.replace('out', 'in')] = out[name];
      }
    };
  },
};

async function main() {
  if (cpu >= 0)
    spawnSync('taskset', ['-a', '-cp', String(cpu), String(process.pid)]);
  const step = await shapes[shape]({ intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all',
    executionMode: 'sequential' });
  // One thread by its CPU time, as ours; more by the clock.
  const now = () => {
    const used = process.cpuUsage();
    return threads === 1 ? (used.user + used.system) / 1e3 : performance.now();
  };
  const timed = async () => {
    const start = now();
    await step();
    return now() - start;
  };

  let last = 0;
  for (let i = 0; i < 3; i++)
    last = await timed();
  console.log(`ready ${last.toFixed(4)} ONNX Runtime ${require('onnxruntime-node/package.json').version}`);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const ms = [];
    for (let i = Number(line); i > 0; i--)
      ms.push((await timed()).toFixed(4));
    console.log(ms.join(' '));
  }
  console.log(`peak ${/VmHWM:\s*(\d+)/.exec(fs.readFileSync('/proc/self/status', 'ascii'))[1] / 1024}`);
}

main();
