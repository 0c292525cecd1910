import type { PolicyDocument } from '../../iam/policy-document';

/** What the template says of a bucket and the index does not keep: read anew at every start. */
export interface BucketSetting {
  readonly policy?: PolicyDocument | undefined;
  /** BlockPublicPolicy: a policy that lets anybody in is not attached. @default true */
  readonly blockPublicPolicy?: boolean | undefined;
  /** Whether the CDK's `autoDeleteObjects` may empty it. */
  readonly autoDeleteObjects?: boolean | undefined;
}

export interface BucketSettings {
  of(bucket: string): BucketSetting;
  change(bucket: string, setting: BucketSetting): void;
  forget(bucket: string): void;
}

export function createBucketSettings(): BucketSettings {
  const settings = new Map<string, BucketSetting>();
  const of = (bucket: string): BucketSetting => settings.get(bucket) ?? {};
  return {
    of,
    change: (bucket, setting) => void settings.set(bucket, { ...of(bucket), ...setting }),
    forget: (bucket) => void settings.delete(bucket),
  };
}
