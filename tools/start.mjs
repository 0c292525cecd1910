// `npm start`: installs and builds what is missing, then runs `edgepass dev` in this very process, so that signals reach it.
import { createRequire } from 'node:module';
import { prepare } from './prepare.mjs';

prepare();
const require = createRequire(import.meta.url);
await require('../dist/entries/edgepass.js').main([process.argv[0], 'edgepass', 'dev', ...process.argv.slice(2)]);
