// SPDX-License-Identifier: GPL-2.0-or-later
// Node at work, a question a run: node.js NAME. What it prints is the same in every run.
'use strict';
const assert = require('assert');
const crypto = require('crypto');
const fs = require('fs');
const { Worker, isMainThread, parentPort, workerData, threadId } = require('worker_threads');
const children = require('child_process');
const { pipeline } = require('stream/promises');
const zlib = require('zlib');
const { promisify } = require('util');
const sleep = promisify(setTimeout);

const questions = {
  async promises() {
    const order = [];
    setTimeout(() => order.push('timeout'), 0);
    setImmediate(() => order.push('immediate'));
    process.nextTick(() => order.push('tick'));
    queueMicrotask(() => order.push('microtask'));
    await Promise.resolve().then(() => order.push('then'));
    await sleep(5);
    console.log(order.slice(0, 3).join(), order.slice(3).sort().join());
    console.log(await Promise.allSettled([1, Promise.reject(new Error('no')), sleep(1, 'late')]));
    console.log(await Promise.race([sleep(100000, 'slow', { ref: false }), sleep(1, 'fast')]).catch(e => e));
    let sum = 0;
    for await (const n of (async function* () { for (let i = 0; i < 1000; i++) yield i; })()) sum += n;
    console.log(sum, await Promise.any([Promise.reject(1), 2]));
    process.on('unhandledRejection', e => { console.log('unhandled', e.message); process.exitCode = 4; });
    Promise.reject(new Error('by nobody'));
  },
  async timers() {
    const order = [];
    await Promise.all([90, 30, 60].map(async ms => { await sleep(ms); order.push(ms); }));
    console.log(order);
    let ticks = 0;
    await new Promise(done => { const t = setInterval(() => { if (++ticks === 10) { clearInterval(t); done(); } }, 1); });
    clearTimeout(setTimeout(() => console.log('never'), 1));
    setTimeout(() => console.log('nor this'), 1e8).unref();
    const start = process.hrtime.bigint(), date = Date.now();
    await sleep(20);
    console.log(ticks, process.hrtime.bigint() - start >= 19000000n, Date.now() >= date);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 2);
    console.log(await require('timers/promises').setTimeout(1e8, 0, { signal: stop.signal }).catch(e => e.name));
  },
  async workers() {
    const shared = new Int32Array(new SharedArrayBuffer(64));
    const results = await Promise.all([...Array(3).keys()].map(i => new Promise((done, fail) => {
      const w = new Worker(__filename, { workerData: { i, shared }, argv: ['worker'] });
      w.on('message', done).on('error', fail);
    })));
    console.log(results.map(r => r.hash).join(' '), Atomics.load(shared, 0));
    const failing = new Worker('throw new TypeError("in a worker")', { eval: true });
    console.log(await new Promise(done => failing.on('error', e => done(e.message))));
    const endless = new Worker('for (;;);', { eval: true });
    await new Promise(done => endless.on('online', done));
    console.log('stopped', await endless.terminate());
    const { port1, port2 } = new MessageChannel();
    const bytes = new Uint8Array([1, 2, 3]);
    port1.postMessage(bytes, [bytes.buffer]);
    console.log(await new Promise(done => port2.on('message', m => { port2.close(); done(m); })), bytes.length);
  },
  worker() {
    const { i, shared } = workerData;
    assert(!isMainThread && threadId > 0);
    for (let n = 0; n < 10000; n++) Atomics.add(shared, 0, 1);
    let hash = crypto.createHash('sha256').update(`worker ${i}`);
    for (let n = 0; n < 500; n++) hash = crypto.createHash('sha256').update(hash.digest());
    parentPort.postMessage({ hash: hash.digest('hex').slice(0, 8) });
  },
  async children() {
    const { stdout } = await promisify(children.execFile)('sort', ['-r', 'text'], { maxBuffer: 1 << 28 });
    console.log(crypto.createHash('md5').update(stdout).digest('hex'));
    console.log(children.execSync('echo $((6 * 7)) | tr 2 3; exit 0', { env: { ...process.env, A: 'b' } }).toString());
    const failed = children.spawnSync('sh', ['-c', 'echo out; echo err >&2; exit 5']);
    console.log(failed.status, failed.signal, `${failed.stdout}${failed.stderr}`);
    const cat = children.spawn('cat');
    const got = [];
    cat.stdout.on('data', d => got.push(d));
    for (let i = 0; i < 200; i++) if (!cat.stdin.write('x'.repeat(5000))) await new Promise(d => cat.stdin.once('drain', d));
    cat.stdin.end();
    console.log(await new Promise(d => cat.on('close', (...end) => d(end))), Buffer.concat(got).length);
    const sleeper = children.spawn('sleep', ['1000']);
    sleeper.kill('SIGTERM');
    console.log(await new Promise(d => sleeper.on('exit', (...end) => d(end))));
    console.log(await new Promise(d => children.spawn('/no/such').on('error', e => d(e.code))));
    const all = await Promise.all([...Array(12).keys()].map(i => promisify(children.exec)(`printf %s ${i}`)));
    console.log(all.map(r => r.stdout).join());
    const alive = setInterval(() => 0, 1e6);
    const signal = new Promise(d => process.once('SIGUSR2', d));
    children.execSync(`kill -USR2 ${process.pid}`);
    console.log('signal', await signal);
    clearInterval(alive);
  },
  async fs() {
    const text = fs.readFileSync('text');
    await fs.promises.mkdir('node/a/b', { recursive: true });
    await Promise.all([...Array(50).keys()].map(i => fs.promises.writeFile(`node/a/${i}`, `${i}`.repeat(i))));
    console.log((await fs.promises.readdir('node/a', { withFileTypes: true })).filter(e => e.isFile()).length);
    await pipeline(fs.createReadStream('text', { highWaterMark: 1000 }), zlib.createGzip(), fs.createWriteStream('node/t.gz'));
    await pipeline(fs.createReadStream('node/t.gz'), zlib.createGunzip(), fs.createWriteStream('node/text'));
    console.log(fs.readFileSync('node/text').equals(text), (await fs.promises.stat('node/text')).size);
    fs.renameSync('node/text', 'node/moved');
    fs.symlinkSync('moved', 'node/link');
    console.log(fs.readlinkSync('node/link'), fs.lstatSync('node/link').isSymbolicLink(), fs.existsSync('node/text'));
    const file = await fs.promises.open('node/moved', 'r+');
    await file.write(Buffer.from('WRITTEN'), 0, 7, 3);
    const { buffer } = await file.read(Buffer.alloc(12), 0, 12, 0);
    await file.truncate(5000);
    await file.close();
    console.log(buffer.toString('latin1').includes('WRITTEN'), fs.statSync('node/moved').size);
    await fs.promises.cp('node/a', 'node/copy', { recursive: true });
    await fs.promises.rm('node/a', { recursive: true });
    for (const [call, ...args] of [['readFileSync', 'none'], ['mkdirSync', 'node'], ['readdirSync', 'text'], ['rmdirSync', 'node']])
      try { fs[call](...args); } catch (e) { console.log(e.code, e.syscall); }
    fs.unlinkSync('node/t.gz');
  },
  async compute() {
    const sieve = new Uint8Array(2e6);
    let primes = 0;
    for (let i = 2; i < sieve.length; i++) if (!sieve[i]) { primes++; for (let j = i * 2; j < sieve.length; j += i) sieve[j] = 1; }
    const words = fs.readFileSync('text', 'utf8').split(/\s+/);
    const counts = new Map();
    for (const w of words) counts.set(w, (counts.get(w) ?? 0) + 1);
    console.log(primes, [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3));
    let trees = 0;
    const tree = d => d ? { l: tree(d - 1), r: tree(d - 1) } : {};
    for (let i = 0; i < 20; i++) trees += JSON.stringify(tree(10)).length;
    console.log(trees, 3n ** 200n % 1000007n, [0.1 + 0.2, 1e21, -0, NaN], 'ß'.toUpperCase(), /(?<y>\d{4})-(?<m>\d\d)/u.exec('on 2026-11')?.groups.m);
    const scrypt = await promisify(crypto.scrypt)('password', 'salt', 16, { N: 1024 });
    console.log(scrypt.toString('hex'), zlib.brotliCompressSync(Buffer.alloc(1e5)).length);
    const wasm = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(
      '0061736d01000000010701600 27f7f017f030201000707010361646400000a09010700200020016a0b'.replace(/ /g, ''), 'hex')));
    console.log(wasm.exports.add(40, 2));
  },
};
questions[isMainThread ? process.argv[2] : 'worker']();
