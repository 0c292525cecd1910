import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nextSteps } from './next-steps';

function assemblyWith(template: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-next-steps-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'Edgepass.template.json'), JSON.stringify(template));
  return folder;
}

const OUTPUTS = {
  BucketName: 'b',
  RestApiUrl: 'https://a.execute-api.eu-west-1.amazonaws.com/v1/',
  DistributionDomainName: 'd111111abcdef8.cloudfront.net',
  ApiKeyId: 'k',
};
const describeNext = (template: object, more: object = {}): string =>
  nextSteps({
    stack: 'Edgepass',
    target: { region: 'eu-west-1', profile: undefined },
    outputs: OUTPUTS,
    assembly: assemblyWith(template),
    ...more,
  });

describe('the next steps after a deployment', () => {
  test('prints every output and the commands that come next', () => {
    const text = describeNext({});
    for (const [name, value] of Object.entries(OUTPUTS)) expect(text).toMatch(new RegExp(`^  ${name} +${value}$`, 'm'));
    expect(text).toContain(
      'aws apigateway get-api-key --include-value --query value --output text --api-key k --region eu-west-1',
    );
    expect(text).toContain('npx edgepass doctor --region eu-west-1\n');
    expect(text).not.toContain('/_app/');
  });

  test('names the stack and the profile where they are not the default', () => {
    const text = describeNext({}, { stack: 'Files', target: { region: 'eu-west-1', profile: 'ops' } });
    expect(text).toContain('npx edgepass doctor --stack Files --region eu-west-1 --profile ops\n');
  });

  test('names the page where the distribution has one', () => {
    const text = describeNext({ Resources: { D: { Properties: { PathPattern: '_app/*' } } } });
    expect(text).toContain('https://d111111abcdef8.cloudfront.net/_app/');
  });

  test('leaves out what the API key is needed for where there is none', () => {
    const { ApiKeyId: _none, ...outputs } = OUTPUTS;
    expect(describeNext({}, { outputs })).not.toMatch(/api-key/);
  });
});
