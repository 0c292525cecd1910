// `npm run test:aws`: installs and builds what is missing, then test/aws/main.ts. `-- --local` runs it without an account.
import { prepare } from './prepare.mjs';

prepare();
await import('../test/aws/run.mjs');
