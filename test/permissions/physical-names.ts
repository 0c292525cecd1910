import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf } from '../cdk/read-template';

interface Applied {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a local runtime has put in the place of `Ref`s and `Fn::GetAtt`s, as `textOf` takes it. */
export function physicalNames(dataDir: string): Record<string, string> {
  const read = (file: string) => JSON.parse(readFileSync(join(dataDir, file), 'utf8'));
  const { accountId, region } = read('home.json') as Record<string, string>;
  const names = Object.entries(read('stack.json') as Record<string, Applied>).flatMap(([id, applied]) => [
    [nameOf(id), applied.physicalId],
    ...Object.entries(applied.attributes).map(([attribute, value]) => [`${nameOf(id)}.${attribute}`, String(value)]),
  ]);
  const pseudo = { 'AWS::Partition': 'aws', 'AWS::AccountId': accountId, 'AWS::Region': region };
  return { ...Object.fromEntries(names), ...pseudo };
}
