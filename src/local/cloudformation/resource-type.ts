/** What the local runtime knows about one CloudFormation resource type. Every service folder exports a table of them. */
export interface ResourceType {
  /**
   * Brings the resource into being. Runs at every boot, so it must find what an earlier boot left (`previous`) and keep it:
   * same physical id, same data.
   */
  apply(request: ResourceRequest): Promise<ResourceResult> | ResourceResult;
  /** Called when a template no longer has the resource. Absent: nothing to undo. */
  remove?(resource: RemovedResource): Promise<void> | void;
}

export interface ResourceRequest {
  readonly logicalId: string;
  /** The template's `Properties`, every intrinsic function evaluated. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** What the last boot recorded for this logical id. */
  readonly previous?: AppliedResource | undefined;
  readonly stack: StackIdentity;
}

export interface ResourceResult {
  /** What `Ref` answers. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` answers, by attribute name (dots included). */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What people have to know of it at every boot. */
  readonly warning?: string | undefined;
}

export interface AppliedResource extends Omit<ResourceResult, 'warning'> {
  readonly type: string;
  readonly deletionPolicy?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface RemovedResource extends AppliedResource {
  readonly logicalId: string;
  readonly stack: StackIdentity;
}

export interface StackIdentity {
  readonly stackName: string;
  readonly stackId: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  readonly urlSuffix: string;
}

export type ResourceTypes = Readonly<Record<string, ResourceType>>;
