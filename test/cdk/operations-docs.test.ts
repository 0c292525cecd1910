import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPERATED } from './contents';
import { nameOf, ofType, only, synthesizeContent } from './read-template';

const docs = join(__dirname, '..', '..', 'docs');
const page = readFileSync(join(docs, 'operations.md'), 'utf8');
const section = (heading: string): string => page.split(/^##+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
const resources = synthesizeContent(OPERATED);

/** The properties that an interface of the construct declares. */
function propertiesOf(file: string, name: string): string[] {
  const source = readFileSync(join(__dirname, '..', '..', 'src', 'cdk', file), 'utf8');
  const [, body = ''] = new RegExp(`export interface ${name} [^{]*\\{(.*?)\\n\\}`, 's').exec(source) ?? [];
  return [...body.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, property = '']) => property);
}

describe("the operations' page", () => {
  it('says of every alarm, and of no other, what it means and what to do', () => {
    const rows = [...section('Alarms').matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
    const made = ofType(resources, 'AWS::CloudWatch::Alarm').map(([id]) => nameOf(id).replace('OperationsAlarms', ''));
    expect(rows.sort()).toEqual(made.sort());
  });

  it.each([
    ['operations/operations.ts', 'OperationsProps'],
    ['base/privileged-function.ts', 'PrivilegedFunctionSettings'],
    ['operations/access-logs.ts', 'LogsProps'],
    ['operations/alarms.ts', 'ContentAlarmProps'],
    ['operations/web-acl.ts', 'WebAclProps'],
    ['operations/web-acl.ts', 'ManagedWebAclProps'],
  ])('names every property of %s’s %s', (file, name) => {
    const properties = propertiesOf(file, name);
    expect(properties.length).toBeGreaterThan(0);
    expect(properties.filter((property) => !new RegExp(`\\b${property}\\b`).test(page))).toEqual([]);
  });

  it('asks Athena for fields that CloudFront delivers', () => {
    const { RecordFields } = only(resources, 'AWS::Logs::Delivery');
    const asked = [...section('Who downloaded what').matchAll(/'mapping\.\w+' = '([\w-]+)'/g)].map(
      ([, field]) => field,
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(RecordFields).toEqual(expect.arrayContaining(asked));
  });

  it('links to pages that exist', () => {
    const targets = [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !existsSync(join(docs, target)))).toEqual([]);
  });
});
