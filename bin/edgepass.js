#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// In a checkout that was never built there is nothing to run yet.
if (!existsSync(join(__dirname, '..', 'dist', 'entries', 'edgepass.js'))) {
  console.error('edgepass: this checkout is not built yet; run "npm start" or "npm run build" in it first');
  process.exit(1);
}
require('../dist/entries/edgepass.js').main(process.argv);
