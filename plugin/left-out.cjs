// Stands in the bundle for packages that another one loads and never uses here: see build.mjs. Every name in it exists, so that
// loading works, and does nothing.
module.exports = new Proxy(function leftOut() {}, { get: (_, name) => (name === 'prototype' ? {} : module.exports) });
