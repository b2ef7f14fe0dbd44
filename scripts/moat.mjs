#!/usr/bin/env node
// The command line `moat`, on the Node that package.json pins. A link to this file on the PATH works like it.
process.argv.splice(2, 0, 'src/cli/main.ts');
await import('./run.mjs');
