import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsTarget } from '../aws-target';

export interface Deployed {
  readonly stack: string;
  readonly target: Pick<AwsTarget, 'region' | 'profile'>;
  readonly outputs: Readonly<Record<string, string>>;
  /** The folder that was deployed. */
  readonly assembly: string;
}

/** What is there after a deployment, and what to do with it. */
export function nextSteps({ stack, target, outputs, assembly }: Deployed): string {
  const { region, profile } = target;
  const where = `--region ${region}${profile ? ` --profile ${profile}` : ''}`;
  const named = stack === 'Edgepass' ? '' : `--stack ${stack} `;
  const { BucketName, RestApiUrl, DistributionDomainName, ApiKeyId } = outputs;
  const width = Math.max(...Object.keys(outputs).map((name) => name.length));
  const steps = [
    ApiKeyId && [
      'the API key',
      `export EDGEPASS_API_KEY=$(aws apigateway get-api-key --include-value --query value --output text --api-key ${ApiKeyId} ${where})`,
    ],
    BucketName && ['a first file', `echo "hello" > hello.txt && aws s3 cp hello.txt s3://${BucketName} ${where}`],
    RestApiUrl &&
      ApiKeyId && [
        'a link to it',
        `curl -H "x-api-key: $EDGEPASS_API_KEY" -d '{"file": "hello.txt"}' ${RestApiUrl}urls`,
      ],
    DistributionDomainName && hasPage(assembly) && ['the page', `https://${DistributionDomainName}/_app/`],
    ['is all well?', `npx edgepass doctor ${named}${where}`],
  ].filter((step): step is [string, string] => Array.isArray(step));
  return [
    `deployed ${stack}`,
    '',
    ...Object.entries(outputs).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
    'Next:',
    '',
    ...steps.map(([what, command]) => `  # ${what}\n  ${command}`),
    '',
  ].join('\n');
}

/** Whether the stack serves web pages of its own below `/_app/`. */
function hasPage(assembly: string): boolean {
  const templates = readdirSync(assembly).filter((file) => file.endsWith('.template.json'));
  return templates.some((file) => readFileSync(join(assembly, file), 'utf8').includes('"_app/*"'));
}
