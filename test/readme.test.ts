import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ANY_PORTS, bareEnvironment, run, startDev, type Template, temporaryFolder } from './run-local';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const hasAws = spawnSync('aws', ['--version']).status === 0;
const hasCurlSigV4 = spawnSync('curl', ['--aws-sigv4', 'aws:amz:us-east-1:s3', '--version']).status === 0;

/** The shell blocks of a section, as a reader pastes them; `npx edgepass` is the checkout's own command. */
function shellBlocks(heading: string): string[] {
  const section = readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const blocks = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  const command = `"${process.execPath}" "${join(root, 'bin', 'edgepass.js')}"`;
  return blocks.map((block) => block.replaceAll('npx edgepass', command));
}

/** Boots a local runtime in `.edgepass` of a folder and runs a script there that talks to nothing but that local runtime. */
async function paste(script: string): Promise<string> {
  const folder = temporaryFolder();
  const dev = await startDev('--data-dir', join(folder, '.edgepass'), ...ANY_PORTS);
  onTestFinished(async () => {
    dev.process.kill('SIGTERM');
    await dev.ended;
  });
  const args = ['-euo', 'pipefail', '-c', `cd "${folder}"\n${script}`];
  const { code, stdout, stderr } = await run('bash', args, bareEnvironment({}, folder));
  expect(code, stderr).toBe(0);
  return stdout;
}

describe('the README', () => {
  it.skipIf(!hasAws)('the walk of the README, pasted, with the real aws and curl (skipped without aws)', async () => {
    const [walk = ''] = shellBlocks('The walk');
    expect(walk).toContain('aws s3 cp');
    const printed = await paste(`${walk}
    url=$(curl -sS -H "x-api-key: $EDGEPASS_API_KEY" -d '{"file": "testfile1.txt"}' \${EDGEPASS_API_URL}urls | sed 's/.*"signedUrl":"\\([^"]*\\)".*/\\1/')
    echo; curl -sS "$url"`);
    expect(printed).toContain('upload: ./testfile1.txt to s3://');
    expect(printed).toContain('"Key":"testfile1.txt"');
    expect(printed).toMatch(/\{"signedUrl":"http:\/\/127\.0\.0\.1:\d+\/testfile1\.txt\?/);
    expect(printed).toContain('<Code>MissingKey</Code>');
    expect(printed.endsWith("\nI'm the first test file\n")).toBe(true);
  });

  it.skipIf(!hasCurlSigV4)('its upload with curl alone (skipped where curl cannot sign)', async () => {
    const [, upload = ''] = shellBlocks('The walk');
    expect(upload).toContain('--aws-sigv4');
    const [setUp = ''] = shellBlocks('The walk')[0]?.split('aws s3 cp') ?? [];
    const printed = await paste(`${setUp}
    ${upload}
    curl -sS -H "x-api-key: $EDGEPASS_API_KEY" "\${EDGEPASS_API_URL}s3objects"`);
    expect(printed).toContain('"Key":"testfile1.txt"');
  });

  it('its construct synthesizes, pasted into a stack', async () => {
    const [, imports = '', body = ''] = /^```ts\n((?:import .*\n)+)(\nconst content .*?)^```/ms.exec(readme) ?? [];
    expect(body).toContain('new PrivateContent(this');
    const program = `import { App, aws_iam, Stack } from 'aws-cdk-lib';
    ${imports}
    class MyStack extends Stack {
      constructor(scope, id) {
        super(scope, id);
        const role = new aws_iam.Role(this, 'Role', { assumedBy: new aws_iam.AccountRootPrincipal() });
        ${body}
      }
    }
    const app = new App({ outdir: process.argv[1] });
    new MyStack(app, 'Mine');
    app.synth();`;
    const outdir = join(temporaryFolder(), 'assembly');
    const { code, stderr } = await run(process.execPath, ['--input-type=module', '-e', program, outdir]);
    expect(code, stderr).toBe(0);
    const template = JSON.parse(readFileSync(join(outdir, 'Mine.template.json'), 'utf8')) as Template;
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types).toEqual(
      expect.arrayContaining(['AWS::ApiGateway::Authorizer', 'Custom::EdgepassSigningKeys', 'AWS::Events::Rule']),
    );
  });

  it.skipIf(!hasAws)(
    'its commands about keys and health, pasted, of a local runtime with a file (skipped without aws)',
    async () => {
      const [, commands = ''] = shellBlocks('Deploy it to AWS');
      const [doctor, list, rotate] = ['doctor', 'keys list', 'keys rotate'].map(
        (name) =>
          commands
            .split('\n')
            .find((line) => line.includes(name))
            ?.split(' #')[0] ?? '',
      );
      const [walk = ''] = shellBlocks('The walk');
      const printed = await paste(
        [walk, ...[doctor, list, rotate].map((line) => `${line} --data-dir .edgepass`)].join('\n'),
      );
      expect(printed).toContain('healthy');
      expect(printed).toMatch(/ RSA +next /);
    },
  );

  const PAGES = [
    ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
    ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ];

  /** As GitHub makes anchors of headings. */
  const anchorsOf = (text: string): string[] =>
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    );

  it.each(PAGES)('%s links to files and headings that exist', (page) => {
    const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(\s*(?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    const dead = links.filter(([, target = '', anchor]) => {
      const path = target === '' ? join(root, page) : join(root, dirname(page), target);
      return !existsSync(path) || (anchor !== undefined && !anchorsOf(readFileSync(path, 'utf8')).includes(anchor));
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });

  it('leads to every page of docs/', () => {
    expect(PAGES.filter((page) => page.startsWith('docs/') && !readme.includes(`](${page})`))).toEqual([]);
  });
});
