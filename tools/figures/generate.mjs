// Writes docs/cost.md and docs/quotas.md. Run it after a change of a price, a quota or an assumption, and read the diff.
//   node tools/figures/generate.mjs
import { writeFileSync } from 'node:fs';
import { costPage } from './cost-page.mjs';
import { quotasPage } from './quotas-page.mjs';

/** Page by its path from the repository's root. */
export const PAGES = { 'docs/cost.md': costPage, 'docs/quotas.md': quotasPage };

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const [path, page] of Object.entries(PAGES)) writeFileSync(new URL(`../../${path}`, import.meta.url), page());
}
