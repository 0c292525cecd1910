// `npm run deploy`: installs and builds what is missing, then `edgepass deploy`.
import { createRequire } from 'node:module';
import { prepare } from './prepare.mjs';

prepare();
const require = createRequire(import.meta.url);
await require('../dist/entries/edgepass.js').main([process.argv[0], 'edgepass', 'deploy', ...process.argv.slice(2)]);
