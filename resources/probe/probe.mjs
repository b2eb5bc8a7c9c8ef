// Facts from inside a NocoBase node, for NocoBase Cluster Wizard. Run it where the node runs, in its own environment:
//   node --input-type=module - < probe.mjs > node1.json
// It prints one JSON document. No value of a variable is in it, only fingerprints (HMAC-SHA256) that need a key, which
// whoever sends this script puts before its text. It writes nothing but one small file into the shared storage, where
// it is asked to try that, and removes it. Node.js 18 or later, no packages.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import dns from 'node:dns/promises';
import { accessSync, existsSync, readFileSync, readlinkSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';

const asked = globalThis.NOCOBASE_CLUSTER_WIZARD ?? {};
const NODE = asked.node ?? process.argv.slice(2).find((word) => word !== '-') ?? os.hostname();
const PORT = asked.port ?? asked.ports?.[NODE]; // by which a node is told from others of its machine
const KEY = asked.key ? Buffer.from(asked.key, 'hex') : null;
const [CONNECT_MS, DISK_MS] = [5000, 10000];
const [LOOKUPS, LOOKUPS_MS] = [8, 1000];
const [LOCAL_WAIT_MS, NETWORK_WAIT_MS, CACHED_MS] = [10000, 70000, 60000]; // NFS caches what a folder holds so long
const BEGINNINGS =
  'API APP ALI_OSS APPEND ASYNC AWS_ACCESS AWS_S3 AWS_SECRET CACHE CDN CORS DB DISABLE ENCRYPTION ESM EXPORT IDP ' +
  'INIT JWT LEGACY LOCAL LOCK LOGGER NOCOBASE OAUTH PLUGIN PUBSUB QUEUE RABBITMQ REDIS REQUEST SERVER_REQUEST SKIP ' +
  'STORAGE TELEMETRY TX_COS UNSAFE WORKER WORKFLOW WS';
const ALONE = 'TZ CLUSTER_MODE PM2_HOME SOCKET_PATH WEBSOCKET_URL NODE_EXTRA_CA_CERTS DEFAULT_STORAGE_TYPE';
const MATTERS = new RegExp(`^((${BEGINNINGS.replaceAll(' ', '|')})_[A-Z0-9_]+|${ALONE.replaceAll(' ', '|')})$`);
const APPLICATION = /(@nocobase\/app|packages\/core\/app)\/(lib|src)\/index/;
const CHOSEN = ['CACHE_DEFAULT_STORE', 'LOCK_ADAPTER_DEFAULT', 'QUEUE_ADAPTER'];
const KNOWN = ['', 'memory', 'local', 'redis', 'rabbitmq'];
const PUBLISHED = ['test-jwt-secret', 'test-key', 'your-secret-key'];
const MARKS = ['apps/main/jwt_secret.dat', 'apps/main/aes_key.dat', '.license/instance-id', '.license/license-key'];
const OF_CLUSTER = /(pubsub|lock|queue)-adapter|workerid|preset-cluster/;
const LOCAL_DISKS = /^(ext[234]|xfs|btrfs|zfs|overlay|tmpfs|f2fs)$/;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const codeOf = (error) => String(error?.code ?? error?.name ?? 'ERROR').slice(0, 60);
const quiet = (action, otherwise = null) => {
  try {
    return action();
  } catch {
    return otherwise;
  }
};
const within = (promise, ms) =>
  Promise.race([promise, pause(ms).then(() => Promise.reject(Object.assign(new Error(), { code: 'ETIMEDOUT' })))]);

function fingerprint(name, value) {
  return KEY && createHmac('sha256', KEY).update(`${name}\0`).update(value).digest('hex').slice(0, 24);
}

// --- The process that counts: PM2 gives its worker what the files said; the worker's parents have less.

function environmentOf(pid) {
  const found = new Map();
  const raw = readFileSync(`/proc/${pid}/environ`);
  for (let at = 0; at < raw.length; ) {
    const end = raw.indexOf(0, at) < 0 ? raw.length : raw.indexOf(0, at);
    const equals = raw.indexOf(61, at);
    if (equals > at && equals < end) found.set(raw.toString('utf8', at, equals), raw.subarray(equals + 1, end));
    at = end + 1;
  }
  const cluster = quiet(() => JSON.parse(found.get('pm2_env').toString()), {}); // PM2's cluster mode unpacks it itself
  for (const [name, value] of Object.entries(cluster)) {
    if (typeof value === 'string') found.set(name, Buffer.from(value));
  }
  return found;
}

function describe(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const numbers = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const one = { pid, parent: Number(numbers[1]), ticks: Number(numbers[19]), uid: statSync(`/proc/${pid}`).uid };
  one.words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
  try {
    one.env = environmentOf(pid);
  } catch (error) {
    one.refused = codeOf(error);
  }
  one.net = quiet(() => readlinkSync(`/proc/${pid}/ns/net`));
  return one;
}

function isWorker(one) {
  if (/\bpm2\b/i.test(one.words.split(' ').slice(0, 3).join(' '))) return false;
  return APPLICATION.test(one.words) || APPLICATION.test(String(one.env?.get('pm_exec_path') ?? ''));
}

function workers() {
  const own = quiet(() => readlinkSync('/proc/self/ns/net'));
  const every = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => quiet(() => describe(Number(name))))
    .filter((one) => one && isWorker(one) && (!one.net || !own || one.net === own));
  const ids = new Set(every.map((one) => one.pid));
  const outermost = every.filter((one) => !ids.has(one.parent)); // a worker's own children are no workers
  return outermost.filter((one) => !PORT || !one.env || portOf(one.env) === PORT);
}

function portOf(env) {
  const text = String(env?.get('APP_PORT') ?? '');
  return /^\d{1,5}$/.test(text) ? Number(text) : null;
}

function variablesOf(env) {
  const found = {};
  for (const [name, value] of env) if (MATTERS.test(name)) found[name] = value.length ? fingerprint(name, value) : '';
  return found;
}

function modeOf(text) {
  return /^([!*-]|[a-z@/-]{1,60}:[a-z-]{1,40}|,)*$/.test(text) && text.length <= 200 ? text : 'other';
}

function choicesOf(env) {
  const told = CHOSEN.map((name) => [name, String(env.get(name) ?? '')]);
  return Object.fromEntries(told.map(([name, value]) => [name, KNOWN.includes(value) ? value : 'other']));
}

function keysOf(env, root, storage) {
  const given = env.get('APP_KEY');
  const secret = quiet(() => readFileSync(path.join(storage, 'apps/main/jwt_secret.dat')));
  const app =
    secret?.length === 32 && String(env.get('UNSAFE_USE_DEFAULT_JWT_SECRET') ?? '') !== 'true'
      ? { source: 'jwt_secret.dat', print: fingerprint('JWT', secret) }
      : { source: given?.length ? 'APP_KEY' : '', print: given?.length ? fingerprint('APP_KEY', given) : null };
  if (app.source === 'APP_KEY') app.published = PUBLISHED.includes(String(given));
  const aes = (source, bytes) => ({ source, print: fingerprint('AES', bytes.toString('hex')), length: bytes.length });
  if (env.get('APP_AES_SECRET_KEY')?.length) {
    return { app, aes: aes('APP_AES_SECRET_KEY', Buffer.from(String(env.get('APP_AES_SECRET_KEY')).trim(), 'hex')) };
  }
  const files = [
    ['APP_AES_SECRET_KEY_PATH', String(env.get('APP_AES_SECRET_KEY_PATH') ?? '')],
    ['aes_key.dat', path.join(storage, 'apps/main/aes_key.dat')],
    ['environment-variables/aes_key.dat', path.join(storage, 'environment-variables/main/aes_key.dat')],
  ];
  for (const [source, file] of files) {
    const bytes = file && quiet(() => readFileSync(path.resolve(root, file)));
    if (bytes) return { app, aes: aes(source, bytes) };
  }
  return { app, aes: null };
}

function versionIn(folder) {
  const file = path.join(folder, 'package.json');
  return quiet(() => String(JSON.parse(readFileSync(file, 'utf8')).version).slice(0, 60), '');
}

function packageOf(root, started) {
  const folders = ['node_modules/@nocobase/server', 'packages/core/server'].map((one) => path.join(root, one));
  const folder = folders.find(versionIn);
  if (!folder) return null;
  const changed = statSync(path.join(folder, 'package.json')).mtimeMs;
  return { version: versionIn(folder), renewed: Boolean(started) && changed > started + 1000 };
}

function plugInsIn(folder, wanted = /./) {
  const found = [];
  for (const first of quiet(() => readdirSync(folder), [])) {
    const scoped = first.startsWith('@');
    const inner = scoped ? quiet(() => readdirSync(path.join(folder, first)), []) : [''];
    for (const name of inner.map((one) => path.join(first, one)).filter((one) => wanted.test(one))) {
      const version = versionIn(path.join(folder, name));
      if (version && found.length < 500) found.push([name.slice(0, 200), version]);
    }
  }
  return found;
}

function licenceOf(root, storage) {
  const file = path.join(storage, '.license/license-key');
  if (!existsSync(file)) return { state: 'none' };
  try {
    const kit = createRequire(path.join(root, 'package.json'))('@nocobase/license-kit');
    const told = JSON.parse(kit.keyDecrypt(readFileSync(file, 'utf8')));
    const text = (value) => (typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : '');
    return {
      state: 'read',
      id: fingerprint('LICENCE', text(told.licenseKey?.id)),
      domain: text(told.licenseKey?.domain),
      status: text(told.licenseKey?.licenseStatus),
      upgrades_until: text(told.upgradeExpirationDate),
      plugins: (Array.isArray(told.plugins) ? told.plugins : []).slice(0, 500).map((one) => text(one?.packageName)),
    };
  } catch (error) {
    return { state: error?.code === 'MODULE_NOT_FOUND' ? 'no_kit' : 'unreadable', code: codeOf(error) };
  }
}

// --- The way to each endpoint

async function reach(endpoint) {
  const told = { name: endpoint.name };
  const began = Date.now();
  try {
    told.step = 'dns';
    told.addresses = (await within(dns.lookup(endpoint.host, { all: true }), CONNECT_MS)).map((one) => one.address);
    if (told.addresses.length === 1) told.addresses.push(...(await others(endpoint.host, told.addresses)));
    told.step = 'tcp';
    const socket = await connected(endpoint, told.addresses[0]);
    if (endpoint.tls) {
      told.step = 'tls';
      told.distrust = await within(handshake(endpoint, socket), CONNECT_MS).finally(() => socket.destroy());
    }
    socket.end();
    told.step = '';
  } catch (error) {
    told.code = codeOf(error);
  }
  return { ...told, ms: Date.now() - began };
}

// Some name servers give one of several addresses at a time: that two nodes were given two is no sign of two servers.
async function others(host, known) {
  if (net.isIP(host)) return [];
  const again = () => dns.lookup(host, { all: true }).catch(() => []);
  const found = await within(Promise.all(Array.from({ length: LOOKUPS }, again)), LOOKUPS_MS).catch(() => []);
  return [...new Set(found.flat().map((one) => one.address))].filter((one) => !known.includes(one));
}

function connected({ port, protocol }, host) {
  const socket = net.connect({ port, host }).on('error', () => {});
  const open = new Promise((done, fail) => {
    socket.once('error', fail);
    socket.once(protocol === 'mysql' ? 'data' : 'connect', () => done(socket)); // MySQL greets first
  });
  return within(open, CONNECT_MS).catch((error) => (socket.destroy(), Promise.reject(error)));
}

async function handshake({ host, protocol }, socket) {
  if (protocol === 'postgres') {
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])); // SSLRequest
    const [answer] = await new Promise((done) => socket.once('data', done).once('close', () => done([0])));
    if (answer !== 83) throw Object.assign(new Error(), { code: 'NO_TLS' }); // the letter S
  }
  const name = net.isIP(host) ? {} : { servername: host };
  return new Promise((done, fail) => {
    const over = tls.connect({ socket, ...name, rejectUnauthorized: false }, () => {
      done(over.authorized ? '' : codeOf({ code: over.authorizationError?.code ?? over.authorizationError }));
      over.end();
    }).on('error', fail);
  });
}

// --- Storage

function mountOf(folder) {
  const unescape = (text) => text.replace(/\\([0-7]{3})/g, (_all, octal) => String.fromCharCode(parseInt(octal, 8)));
  const lines = quiet(() => readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n'), []);
  let best = null;
  for (const line of lines) {
    const [left, right] = line.split(' - ');
    const point = unescape(left.split(' ')[4]);
    const [kind, source] = right.split(' ');
    const holds = point === '/' || folder === point || folder.startsWith(`${point}/`);
    const read_only = left.split(' ')[5].split(',').includes('ro');
    if (holds && (!best || point.length >= best.point.length)) {
      best = { point, kind, source: fingerprint('MOUNT', source), read_only };
    }
  }
  return best;
}

async function storageOf(folder) {
  const found = { path: folder, mount: mountOf(quiet(() => readlinkSync(folder), folder)) };
  const about = await fs.stat(folder);
  Object.assign(found, { uid: about.uid, gid: about.gid, mode: (about.mode & 0o7777).toString(8), inode: about.ino });
  const room = fs.statfs ? await fs.statfs(folder) : null;
  if (room) Object.assign(found, { free: room.bavail * room.bsize, free_files: room.ffree });
  found.writable = quiet(() => (accessSync(folder, 2), true), false);
  found.marks = {};
  for (const name of MARKS) {
    const one = await fs.stat(path.join(folder, name)).catch(() => null);
    if (one) found.marks[name] = fingerprint('MARK', `${one.size} ${Math.floor(one.mtimeMs)}`);
  }
  return found;
}

// Each node leaves a file that it holds a lock on, looks for those of the others, and says in its own which it saw.
// It tells how long its file lay there until its last look, and how long another's must have lain there to be seen.
async function meet(folder, { run, others, extra_ms = 0 }) {
  const name = (node) => path.join(folder, `.ncw-${run}-${node}`);
  const own = name(asked.node);
  const told = { path: folder, seen: {}, locks: {}, locked: false, waited: 0, needed: 0 };
  const began = performance.now();
  const local = LOCAL_DISKS.test(mountOf(folder)?.kind ?? '');
  const until = began + (local ? LOCAL_WAIT_MS : NETWORK_WAIT_MS) + extra_ms;
  let opening = null;
  const remove = () => quiet(() => unlinkSync(own));
  const stop = async () => {
    await Promise.race([opening, pause(1000)]).catch(() => {}); // what is being made now is removed, too
    remove();
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
  try {
    opening = fs.open(own, 'wx', 0o600);
    told.locked = (await locking(await opening)) === 'granted'; // for as long as this file stays open
    const state = () => JSON.stringify({ locked: told.locked, seen: Object.keys(told.seen) });
    const say = () => fs.writeFile(own, state(), { flag: 'r+' }); // never makes anew what was removed
    await say();
    const settled = new Set();
    const there = performance.now();
    for (let [wait, last, longest] = [50, there, 0]; ; wait = Math.min(wait * 1.5, 5000)) {
      const now = performance.now();
      [last, longest] = [now, Math.max(longest, now - last)];
      Object.assign(told, { waited: Math.floor(now - there), needed: Math.ceil(longest) + (local ? 0 : CACHED_MS) });
      await fs.readdir(folder); // asks a network file system for what is new
      for (const node of others.filter((one) => !settled.has(one))) await look(node, name(node), told, settled, began);
      await say();
      if (settled.size >= others.length || now >= until) break;
      await pause(Math.min(wait, Math.max(0, until - performance.now())));
    }
  } catch (error) {
    told.code = codeOf(error);
  } finally {
    remove();
    await opening?.then((file) => file.close()).catch(() => {});
  }
  return told;
}

async function look(node, file, told, settled, began) {
  const text = await fs.readFile(file, 'utf8').catch(() => null);
  if (text === null) {
    if (node in told.seen) settled.add(node); // it has gone, and so has seen this one
    return;
  }
  const theirs = quiet(() => JSON.parse(text));
  if (!theirs) return;
  told.seen[node] ??= Math.round(performance.now() - began);
  if (theirs.locked && !(node in told.locks)) told.locks[node] = await granted(file);
  if (theirs.seen.includes(asked.node)) settled.add(node);
}

async function granted(file) {
  const theirs = await fs.open(file, 'r+').catch(() => null);
  if (!theirs) return 'unknown';
  const told = await locking(theirs);
  await theirs.close();
  return told === 'granted' && !existsSync(file) ? 'unknown' : told; // who has gone holds no lock any more
}

// flock(1) is given the open file and not its name: a name that has gone meanwhile it would make anew, and leave there.
function locking(handle) {
  return new Promise((done) => {
    const child = spawn('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', handle.fd], timeout: DISK_MS });
    child.once('error', () => done('unknown'));
    child.once('exit', (code) => done(code === 0 ? 'granted' : code === 1 ? 'refused' : 'unknown'));
  });
}

function place() {
  const told = { process: null, root: null, storage: null, env: null };
  if (!existsSync('/proc/self/environ')) return { ...told, trouble: { code: 'no_proc' } };
  const found = workers();
  if (!found.length) return { ...told, trouble: { code: 'no_process' } };
  const [first] = found;
  told.process = { pid: first.pid, uid: first.uid, count: found.length, port: portOf(first.env) };
  told.process.pm2 = Boolean(first.env?.has('pm_id') || first.env?.has('pm2_env'));
  if (!first.env) return { ...told, trouble: { code: first.refused, uid: first.uid, pid: first.pid } };
  told.env = first.env;
  const booted = quiet(() => Number(/^btime (\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))[1]));
  if (booted) told.started = (booted + first.ticks / 100) * 1000;
  told.root = quiet(() => readlinkSync(`/proc/${first.pid}/cwd`));
  return told;
}

function rootOf(told) {
  const likely = [told.root, process.cwd(), '/app/nocobase'].filter(Boolean);
  return likely.find((one) => existsSync(path.join(one, 'node_modules/@nocobase'))) ?? likely[0];
}

function storageFolder(told, root) {
  const given = told.env?.get('STORAGE_PATH') ?? process.env.STORAGE_PATH;
  return path.resolve(root, given?.length ? String(given) : 'storage');
}

async function main() {
  const told = place();
  const root = rootOf(told);
  const folder = storageFolder(told, root);
  const base = { schema: 1, kind: 'nocobase-node', key: (KEY && asked.key_id) || null, node: NODE };
  if (asked.meet) return { ...base, kind: 'nocobase-storage', meeting: await meet(folder, asked.meet) };
  const endpoints = Promise.all((asked.endpoints ?? []).map(reach));
  const storage = await within(storageOf(folder), DISK_MS).catch((error) => ({ path: folder, code: codeOf(error) }));
  const dead = storage.code === 'ETIMEDOUT';
  return {
    ...base,
    user: { uid: process.getuid?.() ?? null, name: quiet(() => os.userInfo().username) },
    runtime: process.version,
    container: ['/.dockerenv', '/run/.containerenv', '/var/run/secrets/kubernetes.io'].some(existsSync),
    addresses: Object.values(os.networkInterfaces()).flatMap((found) => found.map((one) => one.address)),
    process: told.process,
    trouble: told.trouble ?? null,
    variables: told.env && KEY ? variablesOf(told.env) : null,
    choices: told.env && choicesOf(told.env),
    worker_mode: told.env && modeOf(String(told.env.get('WORKER_MODE') ?? '').trim()),
    keys: told.env && !dead ? keysOf(told.env, root, folder) : null,
    package: packageOf(root, told.started),
    plugins: dead ? [] : plugInsIn(path.join(folder, 'plugins')),
    installed: plugInsIn(path.join(root, 'node_modules'), OF_CLUSTER),
    licence: dead ? null : licenceOf(root, folder),
    storage,
    endpoints: await endpoints,
    began: Math.round(Date.now() - performance.now()),
    at: 0,
  };
}

const document = await main();
if ('at' in document) document.at = Date.now(); // as late as can be: whoever receives it compares the clocks
process.stdout.write(`${JSON.stringify(document)}\n`, () => process.exit(0));
