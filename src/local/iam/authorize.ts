/**
 * Decides as IAM does inside one account: an explicit Deny wins; else one Allow, by the principal's identity policies or by the
 * resource's policy; else no. Source: IAM User Guide, "Policy evaluation logic".
 *
 * Gaps: permissions boundaries, service control policies and session policies. What a policy says and the local runtime does not know is
 * refused when it is attached (`checkPolicy`), never read as if the words were not there.
 *
 * By design: `aws:SecureTransport` is true. The local runtime speaks plain HTTP on the loopback interface only, where nobody listens in,
 * and the stack's "TLS only" statement would otherwise close it.
 */

import { matchesWildcard } from '../wildcard';
import type { ConditionContext } from './condition-context';
import { conditionsHold } from './conditions';
import type { OneOrMany, PolicyDocument, PolicyPrincipal, PolicyStatement } from './policy-document';
import { escapeWildcards, hasVariables, replaceVariables } from './policy-variables';
import type { Principal } from './principal';

export interface AuthorizationRequest {
  readonly principal: Principal;
  /** `s3:GetObject` */
  readonly action: string;
  /** `arn:aws:s3:::bucket/key` */
  readonly resource: string;
  /** The policy attached to the resource (a bucket's), when there is one. */
  readonly resourcePolicy?: PolicyDocument | undefined;
  /** Condition keys beyond those every request has, for example `s3:prefix`. Names are compared without regard to case. */
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Thrown when no statement allows, or one denies. Services turn it into their own AccessDenied answer. */
export class AccessDeniedError extends Error {
  override readonly name = 'AccessDeniedError';
  /** Whether a statement denies; else none allows. */
  readonly isExplicit: boolean;
  /** @param why how the message goes on after the resource */
  constructor({ principal, action, resource }: AuthorizationRequest, why: string, isExplicit: boolean) {
    const who = principal.kind === 'service' ? principal.arn : `User: ${principal.arn}`;
    super(`${who} is not authorized to perform: ${action} on resource: "${resource}" ${why}`);
    this.isExplicit = isExplicit;
  }
}

export type Authorize = (request: AuthorizationRequest) => void;

/** Returns when the request is allowed. @throws AccessDeniedError naming principal, action and resource, as AWS does. */
export function authorize(request: AuthorizationRequest): void {
  const { principal, resourcePolicy } = request;
  const context = contextOf(request);
  const identity = principal.identityPolicies.flatMap((policy) =>
    statementsOf(policy).filter((s) => appliesToRequest(s, request, context, policy)),
  );
  const resource = (resourcePolicy ? statementsOf(resourcePolicy) : []).filter(
    (s) => appliesToPrincipal(s, principal) && appliesToRequest(s, request, context, resourcePolicy),
  );
  if (identity.some(isDeny))
    throw new AccessDeniedError(request, 'with an explicit deny in an identity-based policy', true);
  if (resource.some(isDeny))
    throw new AccessDeniedError(request, 'with an explicit deny in a resource-based policy', true);
  if (identity.length + resource.length > 0) return;
  const kind = principal.kind === 'service' ? 'resource-based' : 'identity-based';
  throw new AccessDeniedError(request, `because no ${kind} policy allows the ${request.action} action`, false);
}

const isDeny = (statement: PolicyStatement): boolean => statement.Effect === 'Deny';

const list = <T>(value: OneOrMany<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

const statementsOf = (policy: PolicyDocument): readonly PolicyStatement[] => list(policy.Statement);

function contextOf({ principal, context }: AuthorizationRequest): ConditionContext {
  const entries = {
    'aws:SecureTransport': 'true',
    'aws:PrincipalArn': principal.roleArn ?? principal.arn,
    ...(principal.kind !== 'service' && { 'aws:PrincipalAccount': principal.accountId }),
    ...(principal.kind === 'service' && { 'aws:SourceAccount': principal.accountId }),
    'aws:PrincipalIsAWSService': String(principal.kind === 'service'),
    'aws:PrincipalServiceName': principal.kind === 'service' ? principal.arn : undefined,
    'aws:PrincipalType':
      principal.kind === 'user' ? 'User' : principal.kind === 'assumed-role' ? 'AssumedRole' : undefined,
    'aws:username': principal.kind === 'user' ? principal.arn.split('/').at(-1) : undefined,
    'aws:userid': principal.userId,
    'aws:SourceArn': principal.sourceArn,
    ...context,
  };
  return new Map(
    Object.entries(entries).flatMap(([key, value]) =>
      value === undefined ? [] : [[key.toLowerCase(), typeof value === 'string' ? [value] : value] as const],
    ),
  );
}

function appliesToRequest(
  statement: PolicyStatement,
  request: AuthorizationRequest,
  context: ConditionContext,
  { Version }: PolicyDocument = { Statement: [] },
): boolean {
  // Before 2012-10-17 there were no variables: `${…}` is text in such a policy.
  const variables = Version === '2012-10-17' ? context : undefined;
  const action = request.action.toLowerCase();
  const isAction = (pattern: string) => matchesWildcard(pattern.toLowerCase(), action);
  const isResource = (pattern: string) => matchesResource(pattern, request.resource, variables);
  return (
    (statement.Action ? list(statement.Action).some(isAction) : !list(statement.NotAction).some(isAction)) &&
    (statement.Resource ? list(statement.Resource).some(isResource) : !list(statement.NotResource).some(isResource)) &&
    conditionsHold(statement.Condition ?? {}, context, variables)
  );
}

function matchesResource(pattern: string, resource: string, variables: ConditionContext | undefined): boolean {
  if (!variables || !hasVariables(pattern)) return matchesWildcard(pattern, resource);
  const replaced = replaceVariables(pattern, variables);
  return replaced !== undefined && matchesWildcard(replaced, escapeWildcards(resource));
}

/** NotPrincipal: everybody but those. */
const appliesToPrincipal = ({ Principal, NotPrincipal }: PolicyStatement, principal: Principal): boolean =>
  NotPrincipal === undefined ? includesPrincipal(Principal, principal) : !includesPrincipal(NotPrincipal, principal);

function includesPrincipal(stated: PolicyPrincipal | undefined, principal: Principal): boolean {
  if (stated === undefined) return false;
  if (stated === '*') return true;
  if (principal.kind === 'service')
    return list(stated.Service).includes(principal.arn) || list(stated.AWS).includes('*');
  const ownNames = [
    '*',
    principal.arn,
    principal.roleArn,
    principal.accountId,
    `arn:aws:iam::${principal.accountId}:root`,
  ];
  return list(stated.AWS).some((name) => ownNames.includes(name));
}
