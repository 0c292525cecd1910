import type { CloudFormationClient, StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { awsSdk } from './aws-sdk';

/** The stack's id. @throws Error saying that there is none. */
export async function findStack(client: CloudFormationClient, StackName: string, region: string): Promise<string> {
  const { DescribeStacksCommand } = await awsSdk('cloudformation');
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const [found] = Stacks;
    // A deleted stack is found by its id alone.
    if (found?.StackId) return found.StackId;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationError')) throw error;
  }
  throw new Error(`there is no stack ${StackName} in ${region}: name another with --stack NAME or --region REGION`);
}

export async function listResources(client: CloudFormationClient, StackName: string): Promise<StackResourceSummary[]> {
  const { paginateListStackResources } = await awsSdk('cloudformation');
  const found: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName }))
    found.push(...(page.StackResourceSummaries ?? []));
  return found;
}

export type TemplateResources = Readonly<
  Record<string, { readonly Type?: string; readonly DeletionPolicy?: string; readonly Properties?: object }>
>;

/** The deployed template; the CDK writes them in JSON. */
export async function readTemplate(
  client: CloudFormationClient,
  StackName: string,
): Promise<{ readonly Resources: TemplateResources }> {
  const { GetTemplateCommand } = await awsSdk('cloudformation');
  const { TemplateBody = '{}' } = await client.send(new GetTemplateCommand({ StackName, TemplateStage: 'Processed' }));
  const { Resources = {} } = JSON.parse(TemplateBody) as { readonly Resources?: TemplateResources };
  return { Resources };
}
