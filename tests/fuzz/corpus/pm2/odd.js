// c
module.exports = { apps: [{ name: `a`, env: { A: process.env.B || 'c', ...D, e() { return '}' }, 'F': 0x1f, G: "\u0041" }, instances: 2, /* x */ }] }
