/**
 * CloudFormation in miniature: brings a synthesized template into being, resource by resource in dependency order, and keeps what
 * it made in the data folder, so that the next boot finds the same names, ids and data.
 *
 * Gaps: rollback (a failed boot keeps what it made and the next one goes on from there), replacement policies, nested stacks,
 * transforms, exports, template parameters without a default, drift. Rules are not run: the CDK's is about its bootstrap stack. A custom
 * resource that leaves the template together with its function is warned about and gets no `Delete`: the function's code is gone.
 *
 * By design: a resource type that the local runtime does not know is skipped with a warning; a resource that needs it is an error.
 * `DeletionPolicy: Retain` is kept to: what it guards is never removed.
 */
import type { StackArtifact } from './assembly';
import { customResource, type InvokeFunction } from './custom-resource';
import { conditionHolds, evaluate, type Scope } from './evaluate';
import { dependenciesOf, inDependencyOrder, referencesOf } from './references';
import type { AppliedResource, ResourceType, ResourceTypes, StackIdentity } from './resource-type';
import type { StackState } from './stack-state';
import type { Template, TemplateResource } from './template';

export interface ApplyOptions {
  readonly artifact: StackArtifact;
  readonly stack: StackIdentity;
  readonly types: ResourceTypes;
  readonly state: StackState;
  /** Runs the functions behind custom resources. */
  readonly invoke: InvokeFunction;
  readonly warn: (message: string) => void;
}

/** The stack's outputs by name, as the CDK CLI's `--outputs-file` has them. */
export type StackOutputs = Readonly<Record<string, string>>;

/** Applies the stack. @throws Error naming the resource that could not be made, and why. */
export async function applyStack(options: ApplyOptions): Promise<StackOutputs> {
  const { artifact, stack, state, warn } = options;
  const { template } = artifact;
  const scope: Scope & { applied: Map<string, AppliedResource> } = { stack, template, applied: new Map() };
  const wanted = wantedResources(template, scope);
  const unknown = unknownResources(wanted, options, warn);

  for (const logicalId of inDependencyOrder(wanted)) {
    if (unknown.has(logicalId)) continue;
    const applied = await applyResource(logicalId, wanted[logicalId] as TemplateResource, scope, unknown, options);
    scope.applied.set(logicalId, applied);
    const isNew = !isSame(state.resources.get(logicalId), applied);
    state.resources.set(logicalId, applied);
    // A save waits for the disk, and most boots change nothing.
    if (isNew) state.save();
  }
  await removeAbandoned(scope.applied, options);
  return outputsOf(template, scope, unknown, warn);
}

function wantedResources(template: Template, scope: Scope): Readonly<Record<string, TemplateResource>> {
  if (template.Transform) throw new Error('the local runtime does not run template transforms (NotImplemented)');
  return Object.fromEntries(
    Object.entries(template.Resources).filter(([, { Condition }]) => conditionHolds(Condition, scope)),
  );
}

function typeOf(type: string, { types, invoke }: ApplyOptions): ResourceType | undefined {
  const isCustom = type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
  return types[type] ?? (isCustom ? customResource(type, invoke) : undefined);
}

function unknownResources(
  wanted: Readonly<Record<string, TemplateResource>>,
  options: ApplyOptions,
  warn: ApplyOptions['warn'],
): Map<string, string> {
  const unknown = new Map<string, string>();
  for (const [logicalId, { Type }] of Object.entries(wanted)) {
    if (typeOf(Type, options)) continue;
    unknown.set(logicalId, Type);
    warn(`the local runtime does not simulate ${Type}: ${logicalId} is skipped`);
  }
  return unknown;
}

async function applyResource(
  logicalId: string,
  resource: TemplateResource,
  scope: Scope,
  unknown: ReadonlyMap<string, string>,
  options: ApplyOptions,
): Promise<AppliedResource> {
  const { Type, Properties = {}, DeletionPolicy } = resource;
  for (const dependency of dependenciesOf(resource)) {
    const missing = unknown.get(dependency);
    if (missing)
      throw new Error(
        `${logicalId} (${Type}) depends on ${dependency}, and the local runtime does not simulate ${missing}`,
      );
  }
  const properties = evaluate(Properties, scope) as Record<string, unknown>;
  const previous = options.state.resources.get(logicalId);
  const result = await typeOf(Type, options)?.apply({
    logicalId,
    properties,
    previous: previous?.type === Type ? previous : undefined,
    stack: options.stack,
  });
  if (!result) throw new Error(`${logicalId}: the local runtime does not simulate ${Type}`);
  const { warning, ...made } = result;
  if (warning) options.warn(`${logicalId} (${Type}): ${warning}`);
  return { ...made, type: Type, properties, ...(DeletionPolicy && { deletionPolicy: DeletionPolicy }) };
}

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** Removes what an earlier boot made and this template no longer has, the last made first. */
async function removeAbandoned(applied: ReadonlyMap<string, AppliedResource>, options: ApplyOptions): Promise<void> {
  const { state, stack, warn } = options;
  const abandoned = [...state.resources].filter(([logicalId]) => !applied.has(logicalId)).reverse();
  for (const [logicalId, resource] of abandoned) {
    const left = `${logicalId} (${resource.type}) has left the template`;
    if (resource.deletionPolicy === 'Retain') {
      warn(`${left}; its deletion policy is Retain, so its data stays`);
    } else {
      // CloudFormation skips in an update's cleanup what it cannot delete. Source: AWS re:Post, "stack stuck in … CLEANUP_IN_PROGRESS".
      const removal = async (): Promise<void> =>
        typeOf(resource.type, options)?.remove?.({ ...resource, logicalId, stack });
      await removal().catch(({ message }: Error) => warn(`${left} and stays, for it cannot be removed: ${message}`));
    }
    state.resources.delete(logicalId);
    state.save();
  }
}

function outputsOf(
  { Outputs = {} }: Template,
  scope: Scope,
  unknown: ReadonlyMap<string, string>,
  warn: ApplyOptions['warn'],
): StackOutputs {
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Condition }] of Object.entries(Outputs)) {
    if (!conditionHolds(Condition, scope)) continue;
    const missing = [...referencesOf(Value)].find((id) => unknown.has(id));
    if (missing) warn(`the output ${name} is left out: it is about ${missing}`);
    else outputs[name] = String(evaluate(Value, scope));
  }
  return outputs;
}
