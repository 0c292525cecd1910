import { unknownOperators } from './conditions';
import type { PolicyDocument, PolicyStatement } from './policy-document';

const ELEMENTS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);

/** Reads a policy from a template. @throws Error when it says something that the local runtime would have to guess at. */
export function checkPolicy(document: unknown, where: string): PolicyDocument {
  const statements = (document as PolicyDocument | undefined)?.Statement;
  const list = Array.isArray(statements) ? statements : [statements];
  for (const statement of list) checkStatement(statement, where);
  return document as PolicyDocument;
}

function checkStatement(statement: PolicyStatement | undefined, where: string): void {
  if (typeof statement !== 'object' || statement === null || !['Allow', 'Deny'].includes(statement.Effect)) {
    throw new Error(`${where}: a policy statement needs an Effect, Allow or Deny`);
  }
  const unknown = [
    ...Object.keys(statement).filter((element) => !ELEMENTS.has(element)),
    ...unknownOperators(statement.Condition ?? {}),
  ];
  if (unknown.length > 0)
    throw new Error(`${where}: the local runtime does not evaluate ${unknown.join(', ')} in a policy`);
}
