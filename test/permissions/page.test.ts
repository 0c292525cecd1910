import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { synthesizeApi } from '../api/boot-api';
import { temporaryFolder } from '../run-local';
import { EVERY_FUNCTION } from './every-function';
import { permissionsPage } from './page';

const BUNDLES = join(__dirname, '..', '..', 'dist', 'bundles');

describe("the permissions' page", () => {
  it('docs/permissions.md is what the template says; `npx vitest run test/permissions/page -u` writes it', async () => {
    const assembly = synthesizeApi(temporaryFolder(), EVERY_FUNCTION);
    const codeOf = (folder: string): string => readFileSync(join(folder, 'index.js'), 'utf8');
    const bundles = new Map(readdirSync(BUNDLES).map((name) => [codeOf(join(BUNDLES, name)), name]));
    const page = permissionsPage({
      resources: JSON.parse(readFileSync(join(assembly, 'Edgepass.template.json'), 'utf8')).Resources,
      bundleOf({ S3Key }) {
        const name = bundles.get(codeOf(join(assembly, `asset.${String(S3Key).replace(/\.zip$/, '')}`)));
        if (!name) throw new Error(`${S3Key} is none of the bundles`);
        return name;
      },
    });
    await expect(page).toMatchFileSnapshot(join(__dirname, '..', '..', 'docs', 'permissions.md'));
  });
});
